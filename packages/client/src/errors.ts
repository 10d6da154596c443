import type { Reason } from './generated/routes.ts';

/** Messages by place (`json`, `query`, …) and field. */
export type FieldErrors = Record<string, Record<string, string[]>>;

export interface ErrorFacts {
  /** The HTTP status; 0: there was no answer. */
  status: number;
  reason: string;
  message: string;
  errors?: FieldErrors | undefined;
  retryAfterSeconds?: number | null;
  requestId?: string | null;
  cause?: unknown;
}

/** An error in the service's words. Its class says the kind of status, `reason` says exactly why. */
export class ApiError extends Error {
  override readonly name: string = 'ApiError';
  readonly status: number;
  readonly reason: Reason | (string & {});
  readonly errors: FieldErrors;
  /** How long the service asks to wait; null: it does not say. */
  readonly retryAfterSeconds: number | null;
  /** Tell it to the operator of the service, whose logs have it. */
  readonly requestId: string | null;

  constructor(facts: ErrorFacts) {
    super(facts.message, facts.cause === undefined ? undefined : { cause: facts.cause });
    this.status = facts.status;
    this.reason = facts.reason;
    this.errors = facts.errors ?? {};
    this.retryAfterSeconds = facts.retryAfterSeconds ?? null;
    this.requestId = facts.requestId ?? null;
  }

  /** The first message for each field of the body, for a form. */
  get fields(): Record<string, string> {
    const messages = Object.entries(this.errors.json ?? {});
    return Object.fromEntries(messages.map(([field, [first = '']]) => [field, first]));
  }
}

/**
 * No answer: the service cannot be reached, or it took too long. Whether it did the work is unknown. `cause` is the error of the
 * network.
 */
export class ConnectionError extends ApiError {
  override readonly name = 'ConnectionError';

  constructor(cause?: unknown) {
    const message = 'The service cannot be reached. Check your connection and try again.';
    super({ status: 0, reason: 'unreachable', message, cause });
  }
}

/** 400: not HTTP or JSON as the service understands it. */
export class BadRequestError extends ApiError {
  override readonly name = 'BadRequestError';
}
/** 401: without a token or key, or with one that is not valid any more. */
export class AuthenticationError extends ApiError {
  override readonly name = 'AuthenticationError';
}
/** 403: the caller lacks the right. */
export class PermissionError extends ApiError {
  override readonly name = 'PermissionError';
}
/** 404: it does not exist, or the caller may not know that it does. */
export class NotFoundError extends ApiError {
  override readonly name = 'NotFoundError';
}
/** 409: the present state does not allow it. */
export class ConflictError extends ApiError {
  override readonly name = 'ConflictError';
}
/** 410: it was there and has expired. */
export class GoneError extends ApiError {
  override readonly name = 'GoneError';
}
/** 412: it was changed since the version in `If-Match`. */
export class PreconditionFailedError extends ApiError {
  override readonly name = 'PreconditionFailedError';
}
/** 422: `errors` and `fields` say what is wrong with which field. */
export class ValidationError extends ApiError {
  override readonly name = 'ValidationError';
}
/** 429: `retryAfterSeconds` says when to come again. */
export class RateLimitError extends ApiError {
  override readonly name = 'RateLimitError';
}
/** 5xx: the service, or something between, failed. Whether it did the work is unknown. */
export class ServerError extends ApiError {
  override readonly name = 'ServerError';
}

const classes: Record<number, new (facts: ErrorFacts) => ApiError> = {
  400: BadRequestError,
  401: AuthenticationError,
  403: PermissionError,
  404: NotFoundError,
  409: ConflictError,
  410: GoneError,
  412: PreconditionFailedError,
  422: ValidationError,
  429: RateLimitError,
};

interface ErrorBody {
  reason?: string;
  message?: string;
  errors?: FieldErrors;
}

/** Reads an error of the service, or of a proxy in between. */
export async function errorIn(response: Response): Promise<ApiError> {
  const { status, headers } = response;
  const read = (await response.json().catch(() => null)) as ErrorBody | null;
  const Kind = classes[status] ?? (status >= 500 ? ServerError : ApiError);
  return new Kind({
    status,
    reason: read?.reason ?? 'unexpected_answer',
    message: read?.message ?? `The service responded with status ${status}. Try again in a moment.`,
    errors: read?.errors,
    retryAfterSeconds: retryAfterSeconds(headers),
    requestId: headers.get('x-request-id'),
  });
}

/** `Retry-After` in seconds from now, whether it is a number or a date; null without one. */
export function retryAfterSeconds(headers: Headers): number | null {
  const text = headers.get('retry-after');
  if (text === null) return null;
  const seconds = /^\d+$/.test(text) ? Number(text) : (Date.parse(text) - Date.now()) / 1000;
  return Number.isNaN(seconds) ? null : Math.max(0, seconds);
}
