import { queryOptions } from '@tanstack/react-query';
import { answer, api } from '../api/client';
import { ApiError } from '../api/errors';
import type { Check } from './words';

/** Certn is still making it: the service said when to ask again. */
const beingMade = (error: Error): boolean => error instanceof ApiError && error.status === 503;

/**
 * The report of a check. Every reading is written down, so nothing is read again but when the check is complete at last,
 * and nothing is kept.
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
