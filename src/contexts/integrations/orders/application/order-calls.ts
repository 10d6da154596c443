import { Injectable, Logger } from '@nestjs/common';
import { ConnectionCalls } from '../../connections/application/connection-calls.js';
import type { Connection } from '../../connections/domain/connection.js';
import { VendorCalls } from '../../gateway/application/vendor-calls.js';
import { asDomainError } from '../../gateway/application/vendor-errors.js';
import {
  type Credentials,
  type OrderOutcome,
  type OrderToPlace,
  VendorFailure,
} from '../../gateway/domain/vendor-terms.js';
import type { Vendor } from '../../gateway/domain/vendor.js';
import { Vendors } from '../../gateway/domain/vendors.js';
import { type OrderSignal, VendorCircuitBreaker } from '../../gateway/domain/vendor-circuit-breaker.js';
import type { VendorOrder } from '../domain/vendor-order.js';

/** What an attempt says about the vendor. */
function signOf(outcome: OrderOutcome): OrderSignal {
  switch (outcome.kind) {
    case 'placed':
    case 'refused':
      return 'worked';
    case 'outcome_unknown':
      return 'failed';
    case 'not_sent':
      return outcome.reached ? 'nothing' : 'failed';
    case 'not_executed':
      return 'nothing';
  }
}

/** Errors of `send` after which nothing was sent and the order must wait. */
export const mustWaitReasons: ReadonlySet<string> = new Set(['budget_exhausted', 'vendor_unreachable', 'vendor_error']);

/** What of an order is sent to the vendor. */
export const toPlace = ({ id, packageId, email }: VendorOrder): OrderToPlace => ({ orderId: id, packageId, email });

/**
 * Sends every paid order: within the rate budget, and not while the account's circuit breaker is open. During an outage only a
 * few orders end with an unknown outcome; the others wait unsent.
 */
@Injectable()
export class OrderCalls {
  private readonly log = new Logger('orders');

  constructor(
    private readonly calls: ConnectionCalls,
    private readonly vendorCalls: VendorCalls,
    private readonly breaker: VendorCircuitBreaker,
    private readonly vendors: Vendors,
  ) {}

  /**
   * Sends at most one order; `send` returns null when there was nothing to send after all. Throws a `DomainError` before
   * anything is sent: `budget_exhausted`, or `vendor_unreachable` and `vendor_error` while the breaker is open. Its
   * `retryAfterSeconds`, if any, says when to try again.
   */
  async send(
    connection: Connection,
    leaving: 'order' | 'resend',
    send: (credentials: Credentials, vendor: Vendor) => Promise<OrderOutcome | null>,
  ): Promise<void> {
    const admission = await this.vendorCalls.admit(connection, leaving);
    let sign: OrderSignal = 'nothing';
    try {
      // Before the trial call a free read is tried. While reads fail, no order is risked.
      if (admission === 'trial')
        await this.calls.call(connection, 'urgent', (c, { account }) => account.tryCredentials(c));
      // Opened before a call is taken, so that a missing sealing key costs nothing of the budget.
      const credentials = this.calls.credentialsFor(connection, 'order');
      await this.vendorCalls.takeOne(connection, 'order');
      const outcome = await send(credentials, this.vendors.of(connection.vendor));
      if (!outcome) return;
      sign = signOf(outcome);
      await this.settle(connection, outcome);
    } catch (error) {
      if (!(error instanceof VendorFailure)) throw error;
      sign = 'failed';
      throw asDomainError(error);
    } finally {
      await this.note(connection, sign);
    }
  }

  private async settle(connection: Connection, outcome: OrderOutcome): Promise<void> {
    if (outcome.kind === 'not_executed') await this.calls.noteFailure(connection, outcome);
    if (outcome.kind !== 'not_sent') return;
    if (outcome.reached) await this.vendorCalls.noteThrottle(connection, outcome.retryAfterMs);
    // An outage must not use up the day's calls.
    else await this.vendorCalls.giveBack(connection, 'order');
  }

  private async note({ id, accountKey }: Connection, sign: OrderSignal): Promise<void> {
    const openForSeconds = await this.breaker.noteOrder(accountKey, sign);
    if (sign === 'failed' && openForSeconds > 0) {
      this.log.warn({ connectionId: id, openForSeconds }, 'orders fail in a row: the circuit breaker is open');
    }
  }
}
