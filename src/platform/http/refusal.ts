import { STATUS_CODES } from 'node:http';
import type { ErrorGroups, ErrorKind } from '#kernel/errors';

/** The HTTP status of each kind of error. */
export const statusOf: Record<ErrorKind, number> = {
  malformed: 400,
  unauthenticated: 401,
  forbidden: 403,
  not_found: 404,
  conflict: 409,
  stale: 412,

  gone: 410,
  invalid: 422,
  too_many: 429,
  upstream: 502,
  unavailable: 503,
};

/** The contract's one shape of errors, as it is sent. */
export interface Refusal {
  code: number;
  status: string;
  message: string;
  errors: ErrorGroups;
  reason: string;
}

export const refusalOf = (code: number, reason: string, message: string, errors: ErrorGroups = {}): Refusal => ({
  code,
  status: STATUS_CODES[code] ?? 'Error',
  message,
  errors,
  reason,
});

const ofTheFramework: Partial<Record<number, [reason: string, message: string]>> = {
  400: [
    'malformed_request',
    'The request could not be read. Check its address, its headers and that its body is valid JSON.',
  ],
  404: ['not_found', 'Not found.'],
  405: ['method_not_allowed', 'This address does not accept this method.'],
  406: [
    'not_acceptable',
    'This address does not answer in any content type that the Accept header of the request allows.',
  ],
  408: ['too_slow', 'The request did not arrive in time.'],
  413: ['too_large', 'The request is too large.'],
  414: ['too_long', 'The address of the request is too long.'],
  415: ['unsupported_media_type', 'This address does not accept this content type or encoding.'],
  417: ['expectation_failed', 'The service does not support the Expect header of the request.'],
  431: ['headers_too_large', 'The headers of the request are too large.'],
};

/** An error that Node, Fastify or Nest raised with only a status. */
export function frameworkRefusal(code: number): Refusal {
  const [reason, message] = ofTheFramework[code] ?? ['request_refused', 'The request was refused.'];
  return refusalOf(code, reason, message);
}
