import { MutationCache, QueryCache, QueryClient } from '@tanstack/react-query';
import { ApiError } from './errors';

/** Not a refusal but a bad moment: worth another try. */
const passing = new Set([0, 429, 502, 503]);

const isPassing = (error: Error): boolean => error instanceof ApiError && passing.has(error.status);

function waitMs(attempt: number, error: Error): number {
  const asked = error instanceof ApiError ? error.retryAfterSeconds : null;
  return Math.min(asked === null ? 500 * 2 ** attempt : asked * 1000, 10_000);
}

/** Rights may have changed since `me` was read: then the screens must know. */
function lookAgainAtRights(error: Error): void {
  if (error instanceof ApiError && error.status === 403) void queryClient.invalidateQueries({ queryKey: ['me'] });
}

export const queryClient: QueryClient = new QueryClient({
  queryCache: new QueryCache({ onError: lookAgainAtRights }),
  mutationCache: new MutationCache({ onError: lookAgainAtRights }),
  defaultOptions: {
    queries: {
      staleTime: 5_000,
      retry: (failures, error) => failures < 2 && isPassing(error),
      retryDelay: waitMs,
    },
  },
});
