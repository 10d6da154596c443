import { queryOptions } from '@tanstack/react-query';
import { answer, api } from '../api/client';
import { ApiError } from '../api/errors';
import type { Check } from './words';

/** The vendor is still making the report. The service says when to ask again. */
const beingMade = (error: Error): boolean => error instanceof ApiError && error.status === 503;

/**
 * The report of a check. Every read is audited, so the report is read again only when the check becomes complete, and it
 * is not cached.
 */
export const reportQuery = ({ id, status }: Check) =>
  queryOptions({
    queryKey: ['report', id, status === 'complete'],
    queryFn: async ({ signal }) => {
      const asked = api.GET('/ats/v0/background_checks/{id}/results', {
        params: { path: { id } },
        parseAs: 'blob',
        signal,
      });
      return answer<Blob>(asked);
    },
    retry: (failures, error) => failures < 5 && beingMade(error),
    staleTime: Infinity,
    gcTime: 0,
    refetchOnWindowFocus: false,
    refetchOnReconnect: false,
  });
