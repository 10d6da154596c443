import { MutationCache, QueryCache, QueryClient } from '@tanstack/react-query';
import { ApiError } from './errors';

/** Temporary failures that are worth a retry. */
const temporary = new Set([0, 429, 502, 503]);

const isTemporary = (error: Error): boolean => error instanceof ApiError && temporary.has(error.status);

function waitMs(attempt: number, error: Error): number {
  const asked = error instanceof ApiError ? error.retryAfterSeconds : null;
  return Math.min(asked === null ? 500 * 2 ** attempt : asked * 1000, 10_000);
}

/** Rights may have changed since `me` was read. */
function refetchRights(error: Error): void {
  if (error instanceof ApiError && error.status === 403) void queryClient.invalidateQueries({ queryKey: ['me'] });
}

export const queryClient: QueryClient = new QueryClient({
  queryCache: new QueryCache({ onError: refetchRights }),
  mutationCache: new MutationCache({ onError: refetchRights }),
  defaultOptions: {
    queries: {
      staleTime: 5_000,
      retry: (failures, error) => failures < 2 && isTemporary(error),
      retryDelay: waitMs,
    },
  },
});
