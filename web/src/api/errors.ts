/** An error in the service's words; `status` 0 means that it could not be reached. */
export class ApiError extends Error {
  override readonly name = 'ApiError';

  constructor(
    readonly status: number,
    readonly reason: string,
    message: string,
    /** Messages by place (`json`, `query`, …) and field. */
    readonly errors: Record<string, Record<string, string[]>> = {},
    readonly retryAfterSeconds: number | null = null,
  ) {
    super(message);
  }

  /** The error of each body field, for a form. */
  get fields(): Record<string, string> {
    const messages = Object.entries(this.errors.json ?? {});
    return Object.fromEntries(messages.map(([field, [first = '']]) => [field, first]));
  }
}

interface ErrorBody {
  reason?: string;
  message?: string;
  errors?: ApiError['errors'];
}

/** Reads the error response of the service, or of a proxy in between. */
export async function errorIn(response: Response): Promise<ApiError> {
  const body = (await response.json().catch(() => ({}))) as ErrorBody;
  const retryAfter = response.headers.get('retry-after');
  return new ApiError(
    response.status,
    body.reason ?? 'unexpected_answer',
    body.message ?? `The service responded with status ${response.status}. Try again in a moment.`,
    body.errors ?? {},
    retryAfter === null ? null : Number(retryAfter),
  );
}

/** The connection failed before any response. */
export const unreachable = (): ApiError =>
  new ApiError(0, 'unreachable', 'The service cannot be reached. Check your connection and try again.');

/** Any thrown value, as an error that can be shown. */
export function asApiError(error: unknown): ApiError {
  if (error instanceof ApiError) return error;
  return new ApiError(0, 'console_fault', error instanceof Error ? error.message : 'Something went wrong.');
}
