import { Injectable, Logger } from '@nestjs/common';
import type { Connection } from '../../domain/connection.js';
import {
  type Credentials,
  type OrderOutcome,
  ProviderFailure,
  ScreeningProvider,
} from '../../domain/screening-provider.js';
import { type OrderSign, VendorCircuitBreaker } from '../../domain/vendor-circuit-breaker.js';
import { asDomainError, mustWait, VendorCalls } from '../vendor-calls.js';

/** What an attempt says about the vendor. */
function signOf(outcome: OrderOutcome): OrderSign {
  switch (outcome.kind) {
    case 'placed':
    case 'refused':
      return 'worked';
    case 'in_doubt':
      return 'failed';
    case 'not_sent':
      return outcome.reached ? 'nothing' : 'failed';
    case 'not_executed':
      return 'nothing';
  }
}

/**
 * The only way a paid order leaves: within the budget, and not while orders of the account fail in a row. An outage of the
 * vendor then costs a handful of orders their certainty, and the others wait unsent.
 */
@Injectable()
export class OrderCalls {
  private readonly log = new Logger('orders');

  constructor(
    private readonly calls: VendorCalls,
    private readonly breaker: VendorCircuitBreaker,
    private readonly provider: ScreeningProvider,
  ) {}

  /**
   * Sends at most one order; `send` answers null when there was nothing to send after all. Throws a `DomainError` before
   * anything is sent: `budget_exhausted`, or `certn_unreachable` and `certn_error` while orders are held. Its
   * `retryAfterSeconds`, where there are any, say when to come back.
   */
  async send(
    connection: Connection,
    leaving: 'order' | 'resend',
    send: (credentials: Credentials) => Promise<OrderOutcome | null>,
  ): Promise<void> {
    const admission = await this.breaker.admit(connection.accountKey, leaving);
    if (admission.kind === 'wait') throw mustWait(admission);
    let sign: OrderSign = 'nothing';
    try {
      // Free of charge and of doubt: while not even a read works, no order is risked.
      if (admission.kind === 'probe')
        await this.calls.call(connection, 'urgent', (c) => this.provider.tryCredentials(c));
      // Opened first: a key that is missing here costs no call of the budget.
      const credentials = this.calls.credentialsFor(connection, 'order');
      await this.calls.takeOne(connection.accountKey, 'order');
      const outcome = await send(credentials);
      if (!outcome) return;
      sign = signOf(outcome);
      await this.settle(connection, outcome);
    } catch (error) {
      if (!(error instanceof ProviderFailure)) throw error;
      sign = 'failed';
      throw asDomainError(error);
    } finally {
      await this.note(connection, sign);
    }
  }

  private async settle(connection: Connection, outcome: OrderOutcome): Promise<void> {
    if (outcome.kind === 'not_executed') await this.calls.noteFailure(connection, outcome);
    if (outcome.kind !== 'not_sent') return;
    if (outcome.reached) await this.calls.noteThrottle(connection, outcome.retryAfterMs);
    // An outage must not use up the day's calls.
    else await this.calls.giveBack(connection, 'order');
  }

  private async note({ id, accountKey }: Connection, sign: OrderSign): Promise<void> {
    const heldForSeconds = await this.breaker.noteOrder(accountKey, sign);
    if (sign === 'failed' && heldForSeconds > 0) {
      this.log.warn({ connectionId: id, heldForSeconds }, 'orders fail in a row: the others are held');
    }
  }
}
