import { Injectable } from '@nestjs/common';
import { type Purpose, type VendorAccount, VendorBudget } from '../domain/vendor-budget.js';
import { type OutgoingCall, VendorCircuitBreaker } from '../domain/vendor-circuit-breaker.js';
import { Vendors } from '../domain/vendors.js';
import { budgetExhausted, mustWait } from './vendor-errors.js';

/** What every call to a vendor account passes before it is sent: the circuit breaker, then the rate budget. */
@Injectable()
export class VendorCalls {
  constructor(
    private readonly budget: VendorBudget,
    private readonly breaker: VendorCircuitBreaker,
    private readonly vendors: Vendors,
  ) {}

  /** Throws while the vendor wants a pause or, for an order, while the breaker is open. `trial`: see `Admission`. */
  async admit({ vendor, accountKey }: VendorAccount, call: OutgoingCall): Promise<'go' | 'trial'> {
    const admission = await this.breaker.admit(accountKey, call);
    if (admission.kind === 'wait') throw mustWait(admission, this.vendors.of(vendor).name);
    return admission.kind;
  }

  /** Takes one call from the rate budget. Also for each request of a call beyond its first, such as the pages of a list. */
  async takeOne({ vendor, accountKey }: VendorAccount, purpose: Purpose): Promise<void> {
    const { limits, name } = this.vendors.of(vendor);
    const answer = await this.budget.take(accountKey, purpose, limits);
    if (!answer.taken) throw budgetExhausted(answer.retryAfterSeconds, name);
  }

  /** Returns a call that was taken and never sent. If this fails, the day has one call less. */
  giveBack({ accountKey }: VendorAccount, purpose: Purpose): Promise<void> {
    return this.budget.giveBack(accountKey, purpose);
  }

  /** Whether a read that can wait should wait: much of the account's minute is used. */
  isUnderPressure({ vendor, accountKey }: VendorAccount): Promise<boolean> {
    return this.budget.isUnderPressure(accountKey, this.vendors.of(vendor).limits);
  }

  /** The vendor asked for a pause. It applies to all calls of the account on every replica. Without a stated time it grows. */
  async noteThrottle({ accountKey }: VendorAccount, retryAfterMs: number | null): Promise<void> {
    await this.breaker.noteThrottle(accountKey, retryAfterMs === null ? null : Math.ceil(retryAfterMs / 1000));
  }
}
