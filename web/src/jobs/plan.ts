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

/** The queries to read again after a change: the plan, and the Application tabs that show it. */
export const planKeys = (jobId: string): QueryKey[] => [stagesQuery(jobId).queryKey, ['interview_plan']];

/** The activities that can be added to a stage. Background checks need a connection to their vendor. */
export const activityTypesQuery = queryOptions({
  queryKey: ['activity_types'],
  queryFn: ({ signal }) => answer(api.GET('/ats/v0/activity_types', { signal })),
  staleTime: 60_000,
});

/** The new position of a stage, from 1. */
export interface Move {
  stage: Stage;
  priority: number;
}

/** Moves a stage. The screen shows it at once, and the service's answer corrects it. */
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
