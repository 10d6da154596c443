/** The answer of a handler. A fault may still change it before it is sent. */
export interface Answer {
  status: number;
  /** undefined: no body. */
  body?: unknown;
  headers?: Record<string, string>;
}

export interface ErrorEntry {
  code: string;
  detail: string;
  attr: string | null;
}

/** An error of the API in its one shape (docs/certn-api.md 1.5). */
export class ApiError extends Error {
  readonly answer: Answer;

  constructor(status: number, errors: ErrorEntry[], headers: Record<string, string> = {}) {
    super(errors.map((entry) => entry.detail).join(' '));
    this.answer = { status, body: { type: typeOf(status), errors }, headers };
  }
}

function typeOf(status: number): string {
  if (status === 400) return 'validation_error';
  return status >= 500 ? 'server_error' : 'client_error';
}

const refusal = (status: number, code: string, detail: string): ApiError =>
  new ApiError(status, [{ code, detail, attr: null }]);

export const invalidData = (entries: ErrorEntry[]): ApiError => new ApiError(400, entries);
export const parseError = (why: string): ApiError => refusal(400, 'parse_error', `JSON parse error - ${why}`);
export const noCredentials = (): ApiError =>
  refusal(401, 'not_authenticated', 'Authentication credentials were not provided.');
export const badKey = (status: number): ApiError => refusal(status, 'authentication_failed', 'Invalid Api-Key');
export const missing = (): ApiError => refusal(404, 'not_found', 'Not found.');
export const invalidPage = (): ApiError => refusal(404, 'not_found', 'Invalid page.');
export const wrongMethod = (method: string): ApiError =>
  refusal(405, 'method_not_allowed', `Method "${method}" not allowed.`);
export const wrongMediaType = (type: string): ApiError =>
  refusal(415, 'unsupported_media_type', `Unsupported media type "${type}" in request.`);
export const serverError = (status: number): ApiError => refusal(status, 'error', 'A server error occurred.');

export function throttled(seconds?: number | string | null): ApiError {
  const wait = seconds === undefined || seconds === null ? '' : ` Expected available in ${seconds} seconds.`;
  const headers: Record<string, string> = wait === '' ? {} : { 'retry-after': String(seconds) };
  return new ApiError(429, [{ code: 'throttled', detail: `Request was throttled.${wait}`, attr: null }], headers);
}

/** The error body that Certn's server would send with this status. */
export function usualError(status: number): Answer {
  const makers: Record<number, () => ApiError> = {
    400: () => invalidData([{ code: 'invalid', detail: 'Invalid data.', attr: null }]),
    401: () => badKey(401),
    403: () => refusal(403, 'permission_denied', 'You do not have permission to perform this action.'),
    404: missing,
    429: () => throttled(),
  };
  const maker = makers[status] ?? (() => serverError(status));
  return maker().answer;
}
