import { DomainError } from '#kernel/errors';
import type { VendorFailure } from '../domain/vendor-terms.js';
import type { Admission } from '../domain/vendor-circuit-breaker.js';

/** `budget_exhausted` while the vendor wants a pause, `vendor_unreachable` while the breaker is open; both say for how long. */
export function mustWait({ seconds, why }: Extract<Admission, { kind: 'wait' }>, vendor: string): DomainError {
  const retryAfter = Math.max(1, Math.ceil(seconds));
  if (why === 'failing') {
    const message = `${vendor} is not accepting orders. Checks are sent automatically once it does.`;
    return new DomainError('unavailable', 'vendor_unreachable', message, {}, retryAfter);
  }
  const message = `${vendor} asked for a pause. Try again later.`;
  return new DomainError('too_many', 'budget_exhausted', message, {}, retryAfter);
}

export function budgetExhausted(retryAfterSeconds: number, vendor: string): DomainError {
  const message = `The account's ${vendor} calls are used up. Try again later.`;
  return new DomainError('too_many', 'budget_exhausted', message, {}, retryAfterSeconds);
}

const defaultPauseSeconds = 10;

/** The default error of our API when a call to the vendor fails. */
export function asDomainError(failure: VendorFailure): DomainError {
  if (failure.reason === 'not_permitted') return new DomainError('upstream', 'report_not_permitted', failure.message);
  if (failure.reason === 'unusable') return new DomainError('upstream', 'report_unusable', failure.message);
  const unreachable = failure.reason === 'unreachable' || failure.reason === 'timeout';
  if (!unreachable && failure.reason !== 'throttled') {
    return new DomainError('upstream', 'vendor_error', failure.message);
  }
  const pause = failure.retryAfterMs === null ? defaultPauseSeconds : Math.ceil(failure.retryAfterMs / 1000);
  return new DomainError('unavailable', 'vendor_unreachable', failure.message, {}, Math.max(1, pause));
}
