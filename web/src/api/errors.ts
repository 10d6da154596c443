/** A refusal as the service words it; `status` 0 means that it could not be reached at all. */
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

  /** What is wrong with each field of the body, for a form. */
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

/** Reads what the service, or something in between, refused with. */
export async function refusalIn(response: Response): Promise<ApiError> {
  const body = (await response.json().catch(() => ({}))) as ErrorBody;
  const retryAfter = response.headers.get('retry-after');
  return new ApiError(
    response.status,
    body.reason ?? 'unexpected_answer',
    body.message ?? `The service answered with ${response.status}. Try again in a moment.`,
    body.errors ?? {},
    retryAfter === null ? null : Number(retryAfter),
  );
}

/** The connection failed before any answer. */
export const unreachable = (): ApiError =>
  new ApiError(0, 'unreachable', 'The service cannot be reached. Check your connection and try again.');

/** Whatever was thrown, as something that can be shown. */
export function asApiError(error: unknown): ApiError {
  if (error instanceof ApiError) return error;
  return new ApiError(0, 'console_fault', error instanceof Error ? error.message : 'Something went wrong here.');
}
