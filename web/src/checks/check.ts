import { queryOptions, useQueryClient } from '@tanstack/react-query';
import { answer, api } from '../api/client';
import { keys, showCheck } from '../api/live-queries';
import { tagged } from '../api/tags';
import { type Act, useAct } from '../shell/useAct';
import type { Check } from './words';

export const checkQuery = (id: string) =>
  queryOptions({
    queryKey: keys.check(id),
    queryFn: ({ signal }) => answer(api.GET('/ats/v0/background_checks/{id}', { params: { path: { id } }, signal })),
  });

export const historyQuery = (id: string) =>
  queryOptions({
    queryKey: keys.history(id),
    queryFn: ({ signal }) =>
      answer(api.GET('/ats/v0/background_checks/{id}/history', { params: { path: { id } }, signal })),
  });

export const candidateQuery = (id: string) =>
  queryOptions({
    queryKey: ['candidate', id],
    queryFn: ({ signal }) => tagged(api.GET('/ats/v0/candidates/{id}', { params: { path: { id } }, signal })),
    structuralSharing: false,
  });

export const applicationQuery = (id: string) =>
  queryOptions({
    queryKey: ['application', id],
    queryFn: ({ signal }) => answer(api.GET('/ats/v0/applications/{id}', { params: { path: { id } }, signal })),
  });

interface CheckActOptions {
  done: string;
  onDone?: (answered: Check) => void;
  errorShown?: boolean;
}

/** An action on a check. Every screen shows the result at once; after an error the check is read again. */
export function useCheckAct<In = void>(
  check: Check,
  act: (input: In, signal: AbortSignal) => Promise<Check | null>,
  { onDone, ...options }: CheckActOptions,
): Act<In> {
  const client = useQueryClient();
  return useAct(act, {
    ...options,
    refresh: [keys.check(check.id), keys.plan(check.application_id), keys.checks],
    onDone: (answered) => {
      showCheck(client, answered);
      onDone?.(answered);
    },
  });
}
