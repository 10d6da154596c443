import { DomainError } from '#kernel/errors';

export const idempotencyInProgress = (): DomainError =>
  new DomainError(
    'conflict',
    'idempotency_in_progress',
    'The first request with this Idempotency-Key is still running.',
    {},
    1,
  );

export const idempotencyKeyReused = (): DomainError => {
  const message = 'This Idempotency-Key was used for another request.';
  return new DomainError('invalid', 'idempotency_key_reused', message, { headers: { 'Idempotency-Key': [message] } });
};
