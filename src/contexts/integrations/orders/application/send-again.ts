import { Injectable } from '@nestjs/common';
import { DomainError } from '#kernel/errors';
import { Clock, UnitOfWork } from '#kernel/ports';
import { Connections } from '../../connections/domain/connections.js';
import type { OrderOutcome } from '../../gateway/domain/vendor-terms.js';
import { Vendors } from '../../gateway/domain/vendors.js';
import { wayOutOf } from '../domain/unknown-outcome-rules.js';
import type { VendorOrder } from '../domain/vendor-order.js';
import { OrderOwners, VendorOrders } from '../domain/vendor-orders.js';
import { AttemptTime } from './attempt-time.js';
import { mustWaitReasons, OrderCalls, toPlace } from './order-calls.js';
import { OrderLimits } from './order-limits.js';
import { RecordOutcome } from './record-outcome.js';

/**
 * Sends an order of unknown outcome again with the same id, to the account that may have it, for vendors with idempotent
 * orders. Whatever stands in the way now, its next reconciliation is planned and leads here again.
 */
@Injectable()
export class SendAgain {
  constructor(
    private readonly orders: VendorOrders,
    private readonly owners: OrderOwners,
    private readonly connections: Connections,
    private readonly vendors: Vendors,
    private readonly calls: OrderCalls,
    private readonly limits: OrderLimits,
    private readonly recordOutcome: RecordOutcome,
    private readonly unitOfWork: UnitOfWork,
    private readonly clock: Clock,
  ) {}

  async of(order: VendorOrder): Promise<void> {
    const { teamId, id } = order;
    const connection = await this.connections.byId(teamId, order.connectionId);
    if (!connection || connection.state !== 'enabled' || this.limits.held) return;
    const { capabilities } = this.vendors.of(connection.vendor);
    if (wayOutOf(capabilities, order, this.clock.now(), connection) !== 'send_again') return;
    if (!(await this.owners.stillWant(teamId, id)))
      return this.unitOfWork.run(() => this.orders.markDoNotSend(teamId, id));
    try {
      await this.calls.send(connection, 'resend', async (credentials, vendor) => {
        const time = new AttemptTime(this.limits.timeoutMs, this.clock);
        const claim = await this.orders.claim(teamId, id, connection, this.limits, 'claimAgain');
        if (claim.kind !== 'claimed') return null;
        const limits = { timeoutMs: time.leftMs, isOver: () => time.isOver };
        const outcome = await vendor.orders.placeOrder(credentials, toPlace(claim.order), limits);
        await this.recordOutcome.of(claim.order, connection, asEvidence(outcome));
        return outcome;
      });
    } catch (error) {
      if (!(error instanceof DomainError) || !mustWaitReasons.has(error.reason)) throw error;
    }
  }
}

/** An attempt that was not executed says nothing about the attempt before it. */
function asEvidence(outcome: OrderOutcome): OrderOutcome {
  const { kind } = outcome;
  if (kind !== 'not_sent' && kind !== 'not_executed') return outcome;
  return { kind: 'outcome_unknown', message: outcome.message };
}
