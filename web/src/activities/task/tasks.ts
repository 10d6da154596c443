import { queryOptions } from '@tanstack/react-query';
import { answer, api, type Schemas } from '../../api/client';
import { keys } from '../../api/live-queries';

export type Task = Schemas['TaskResponse'];

/** The tasks of an application. Whatever reads its plan again reads them again too. */
export const tasksQuery = (applicationId: string) =>
  queryOptions({
    queryKey: [...keys.plan(applicationId), 'tasks'],
    queryFn: ({ signal }) =>
      answer(api.GET('/ats/v0/applications/{id}/tasks', { params: { path: { id: applicationId } }, signal })),
  });

/** The users who can be chosen as assignees. The service refuses those who cannot open the job. */
export const usersQuery = queryOptions({
  queryKey: ['users'],
  queryFn: ({ signal }) => answer(api.GET('/ats/v0/users', { params: { query: { per_page: 500 } }, signal })),
  staleTime: 60_000,
});

/** Why a task cannot be ticked. */
export const cannotChangeWords: Record<NonNullable<Task['cannot_change_reason']>, string> = {
  not_allowed: "You don't have permission to change this task. Ask a job manager or an admin.",
  application_not_active: 'This application is closed.',
  stage_not_reached: 'Can be done once the application reaches this stage.',
};
