import { type QueryKey, queryOptions, useQueryClient } from '@tanstack/react-query';
import { answer, api, type Schemas } from '../api/client';
import { type Act, useAct } from '../shell/useAct';

export type Stage = Schemas['StageResponse'];
export type Item = Schemas['ItemResponse'];

export const stagesQuery = (jobId: string) =>
  queryOptions({
    queryKey: ['stages', jobId],
    queryFn: ({ signal }) => answer(api.GET('/ats/v0/jobs/{id}/stages', { params: { path: { id: jobId } }, signal })),
  });

/** What is read again after a change: the plan itself, and the Application tabs that show it. */
export const planKeys = (jobId: string): QueryKey[] => [stagesQuery(jobId).queryKey, ['interview_plan']];

/** What can be added to a stage: Certn background checks only while Certn is connected. */
export const activityTypesQuery = queryOptions({
  queryKey: ['activity_types'],
  queryFn: ({ signal }) => answer(api.GET('/ats/v0/activity_types', { signal })),
  staleTime: 60_000,
});

/** Where a stage moves to: its new place, from 1. */
export interface Move {
  stage: Stage;
  priority: number;
}

/** Moves a stage: the screen shows it at once, and shows what is true when the service has answered. */
export function useMoveStage(jobId: string): Act<Move> {
  const client = useQueryClient();
  const { queryKey } = stagesQuery(jobId);
  const move = async ({ stage, priority }: Move): Promise<Stage> => {
    await client.cancelQueries({ queryKey });
    client.setQueryData(queryKey, (stages) => stages && moved(stages, stage.id, priority));
    return answer(api.PATCH('/ats/v0/job_stages/{id}', { params: { path: { id: stage.id } }, body: { priority } }));
  };
  return useAct(move, { refresh: planKeys(jobId) });
}

function moved(stages: Stage[], id: string, priority: number): Stage[] {
  const stage = stages.find((one) => one.id === id);
  if (!stage) return stages;
  const order = stages.filter((one) => one !== stage).toSpliced(priority - 1, 0, stage);
  return order.map((one, index) => ({ ...one, priority: index + 1 }));
}
