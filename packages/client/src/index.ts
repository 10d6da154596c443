export { AtsClient, type AtsClientOptions, type Resource } from './client.ts';
export {
  ApiError,
  AuthenticationError,
  BadRequestError,
  ConflictError,
  ConnectionError,
  errorIn,
  type FieldErrors,
  GoneError,
  NotFoundError,
  PermissionError,
  PreconditionFailedError,
  RateLimitError,
  ServerError,
  ValidationError,
} from './errors.ts';
export { createHttp, type Http, type HttpOptions, type Schemas } from './http.ts';
export { type Page, Pages } from './pages.ts';
export type { RetryPolicy } from './retries.ts';
export { followUpdates, type OpenUpdates, type Update, type UpdateOptions } from './updates.ts';
export type { Reason } from './generated/routes.ts';
export type { Arguments, Call, CallOptions, OperationId, RequestBody, Result } from './calls.ts';
