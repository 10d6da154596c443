import { idempotencyInProgress, idempotencyKeyReused } from './errors.js';

describe('a refusal about an Idempotency-Key', () => {
  it('names the header that was used for another request', () => {
    const reused = idempotencyKeyReused();
    expect(reused).toMatchObject({ kind: 'invalid', reason: 'idempotency_key_reused' });
    expect(reused.errors).toEqual({ headers: { 'Idempotency-Key': [reused.message] } });
  });

  it('says when to try again while the first request runs', () => {
    expect(idempotencyInProgress()).toMatchObject({
      kind: 'conflict',
      reason: 'idempotency_in_progress',
      retryAfterSeconds: 1,
    });
  });
});
