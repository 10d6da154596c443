import { ApiError } from '../../../packages/client/src/index.ts';

export { ApiError, errorIn } from '../../../packages/client/src/index.ts';

/** Any thrown value, as an error that can be shown. */
export function asApiError(error: unknown): ApiError {
  if (error instanceof ApiError) return error;
  const message = error instanceof Error ? error.message : 'Something went wrong.';
  return new ApiError({ status: 0, reason: 'console_fault', message });
}
