import { Injectable } from '@nestjs/common';
import { type Purpose, VendorBudget } from '../domain/vendor-budget.js';
import { type OutgoingCall, VendorCircuitBreaker } from '../domain/vendor-circuit-breaker.js';
import { budgetExhausted, mustWait } from './vendor-errors.js';

/** What every call to a vendor account passes before it is sent: the circuit breaker, then the rate budget. */
@Injectable()
export class VendorCalls {
  constructor(
    private readonly budget: VendorBudget,
    private readonly breaker: VendorCircuitBreaker,
  ) {}

  /** Throws while the vendor wants a pause or, for an order, while the breaker is open. `trial`: see `Admission`. */
  async admit(accountKey: string, call: OutgoingCall): Promise<'go' | 'trial'> {
    const admission = await this.breaker.admit(accountKey, call);
    if (admission.kind === 'wait') throw mustWait(admission);
    return admission.kind;
  }

  /** Takes one call from the rate budget. Also for each request of a call beyond its first, such as the pages of a list. */
  async takeOne(accountKey: string, purpose: Purpose): Promise<void> {
    const answer = await this.budget.take(accountKey, purpose);
    if (!answer.taken) throw budgetExhausted(answer.retryAfterSeconds);
  }

  /** Returns a call that was taken and never sent. If this fails, the day has one call less. */
  giveBack(accountKey: string, purpose: Purpose): Promise<void> {
    return this.budget.giveBack(accountKey, purpose);
  }

  /** The vendor asked for a pause. It applies to all calls of the account on every replica. Without a stated time it grows. */
  async noteThrottle(accountKey: string, retryAfterMs: number | null): Promise<void> {
    await this.breaker.noteThrottle(accountKey, retryAfterMs === null ? null : Math.ceil(retryAfterMs / 1000));
  }
}
