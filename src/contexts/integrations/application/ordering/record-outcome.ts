import { Injectable, Logger } from '@nestjs/common';
import { Clock, Outbox, UnitOfWork } from '#kernel/ports';
import { OrderHeldUp, OrderPlaced, OrderRefused } from '../../contract.js';
import type { Connection } from '../../domain/connection.js';
import { Connections } from '../../domain/connections.js';
import { CaseReported, OrderDue } from '../../domain/events.js';
import type { OrderOutcome, VendorCase } from '../../domain/screening-provider.js';
import { Deliveries, VendorCases } from '../../domain/vendor-cases.js';
import type { VendorOrder } from '../../domain/vendor-order.js';
import { VendorOrders } from '../../domain/vendor-orders.js';

const disabledMessage = 'The Certn integration was switched off before the check was sent.';
/** How soon a turned away order is looked at again although nobody saved a key. */
const recheckMs = 30_000;
/** Waits between attempts of which nothing reached the vendor: 2, 4, 8 … seconds, a minute at most. */
const backOffMs = (attempt: number): number => Math.min(60_000, 1000 * 2 ** attempt);

/** Writes down how an attempt ended: the order's move, the case it led to, and the event, in one transaction each. */
@Injectable()
export class RecordOutcome {
  private readonly log = new Logger('orders');

  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly orders: VendorOrders,
    private readonly cases: VendorCases,
    private readonly deliveries: Deliveries,
    private readonly connections: Connections,
    private readonly outbox: Outbox,
    private readonly clock: Clock,
  ) {}

  async of(order: VendorOrder, connection: Connection, outcome: OrderOutcome): Promise<void> {
    const { teamId, id, attempt } = order;
    await this.unitOfWork.run(async () => {
      switch (outcome.kind) {
        case 'placed':
          return this.placed(order, connection, outcome.case);
        case 'refused':
          if (await this.orders.move(teamId, id, 'refuse', attempt, { message: outcome.message }))
            await this.outbox.publish([new OrderRefused(teamId, id)]);
          return;
        case 'not_sent':
          return this.rearmed(order, outcome.message, outcome.retryAfterMs ?? backOffMs(attempt));
        case 'not_executed':
          return this.turnedAway(order, connection, outcome.reason, outcome.message);
        case 'in_doubt':
          if (await this.orders.move(teamId, id, 'doubt', attempt, { message: outcome.message }))
            await this.outbox.publish([new OrderHeldUp(teamId, id)]);
          return;
      }
    });
    this.log.log({ orderId: id, attempt, outcome: outcome.kind }, 'an attempt at an order ended');
  }

  /** The integration is off: what was not sent never will be. */
  async dropped({ teamId, id }: VendorOrder): Promise<void> {
    await this.unitOfWork.run(async () => {
      if (await this.orders.move(teamId, id, 'drop', null, { message: disabledMessage }))
        await this.outbox.publish([new OrderRefused(teamId, id)]);
    });
  }

  /** The connection needs a person first; the order goes on by itself afterwards. */
  async waiting({ teamId, id }: VendorOrder): Promise<void> {
    await this.unitOfWork.run(async () => {
      await this.orders.setWaiting(teamId, id, 'connection_attention');
      await this.outbox.publish([new OrderHeldUp(teamId, id)]);
    });
  }

  private async placed(order: VendorOrder, connection: Connection, reading: VendorCase): Promise<void> {
    const { teamId, id, attempt } = order;
    if (!(await this.orders.move(teamId, id, 'place', attempt, { caseId: reading.id }))) return;
    const linked = await this.cases.link({ teamId, id, connectionId: connection.id }, connection.host, reading);
    // Certn named a case that another order has. Rolled back, the order ends in doubt, for a person to look at.
    if (!linked) throw new Error('The vendor answered an order with a case that belongs to another order.');
    await this.outbox.publish([new OrderPlaced(teamId, id)]);
    const early = await this.deliveries.takeOrphan(teamId, connection.id, reading.id);
    if (early) await this.outbox.publish([new CaseReported(teamId, id)]);
  }

  private async rearmed({ teamId, id, attempt }: VendorOrder, message: string, delayMs: number): Promise<void> {
    if (!(await this.orders.move(teamId, id, 'rearm', attempt, { message }))) return;
    const after = new Date(this.clock.now().getTime() + delayMs);
    await this.outbox.publish([new OrderDue(teamId, id)], { after });
  }

  private async turnedAway(
    { teamId, id, attempt }: VendorOrder,
    { id: connectionId }: Connection,
    reason: 'key_refused' | 'misdirected',
    message: string,
  ): Promise<void> {
    const details = { message, waitingFor: 'connection_attention' } as const;
    if (!(await this.orders.move(teamId, id, 'rearm', attempt, details))) return;
    const connection = await this.connections.byId(teamId, connectionId);
    const now = this.clock.now();
    connection?.needAttention({ reason, message, at: now.toISOString() }, now);
    if (connection) await this.connections.save(connection);
    await this.outbox.publish([new OrderHeldUp(teamId, id)]);
    // A good key may have been saved, and orders resumed, while this call was on its way: look once more.
    await this.outbox.publish([new OrderDue(teamId, id)], { after: new Date(now.getTime() + recheckMs) });
  }
}
