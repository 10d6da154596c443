import { DomainError } from '#kernel/errors';
import { VendorFailure } from '../../src/contexts/integrations/gateway/domain/vendor-terms.js';
import type { Json } from './values.js';

/** One answer that a run of a handler received. */
export interface Entry {
  what: string;
  answer?: Json;
  failure?: Failure;
}
export type Failure =
  | { kind: 'vendor'; reason: VendorFailure['reason']; message: string }
  | { kind: 'domain'; error: ConstructorParameters<typeof DomainError> }
  | { kind: 'database'; constraint: string | null; message: string };

export function failureOf(error: unknown): Failure {
  if (error instanceof DomainError) {
    const { kind, reason, message, errors, retryAfterSeconds } = error;
    return { kind: 'domain', error: [kind, reason, message, errors, retryAfterSeconds] };
  }
  for (let e = error; e instanceof Error; e = e.cause) {
    const { constraint } = e as { constraint?: unknown };
    if (typeof constraint === 'string') return { kind: 'database', constraint, message: e.message };
  }
  return { kind: 'database', constraint: null, message: error instanceof Error ? error.message : String(error) };
}

export function errorOf(failure: Failure): Error {
  if (failure.kind === 'domain') return new DomainError(...failure.error);
  if (failure.kind === 'vendor') return new VendorFailure('retry', failure.reason, failure.message);
  return Object.assign(new Error(failure.message), { code: '23505', constraint: failure.constraint });
}
