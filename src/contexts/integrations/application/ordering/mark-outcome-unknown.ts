import { Injectable, Logger } from '@nestjs/common';
import { Outbox, UnitOfWork } from '#kernel/ports';
import { OrderHeldUp } from '../../contract.js';
import { OrderToLookFor, UnknownCaseSeen } from '../../domain/events.js';
import { OrdersInDoubt } from '../../domain/unknown-outcomes.js';
import type { VendorOrder } from '../../domain/vendor-order.js';
import { VendorOrders } from '../../domain/vendor-orders.js';
import { OrderLimits } from './order-limits.js';

/** The answer to an attempt was lost: from now on the order is looked for, and only evidence leads out (reliability.md 3). */
@Injectable()
export class DoubtOrder {
  private readonly log = new Logger('orders');

  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly orders: VendorOrders,
    private readonly inDoubt: OrdersInDoubt,
    private readonly limits: OrderLimits,
    private readonly outbox: Outbox,
  ) {}

  /** Nothing happens when the attempt ended otherwise meanwhile. */
  async of({ teamId, id, attempt }: VendorOrder, message?: string): Promise<void> {
    const inSeconds = this.limits.firstLookSeconds;
    const details = { message, lookAfterSeconds: inSeconds };
    const doubted = await this.unitOfWork.run(async () => {
      if (!(await this.orders.move(teamId, id, 'doubt', attempt, details))) return false;
      const order = await this.orders.find(teamId, id);
      await this.outbox.publish([new OrderHeldUp(teamId, id)]);
      await this.outbox.publish([new OrderToLookFor(teamId, id)], { inSeconds });
      // Notices may have named its case before anybody missed it (rule 8).
      const kept = order ? await this.inDoubt.keptCases(order) : [];
      await this.outbox.publish(
        kept.map((fingerprint) => new UnknownCaseSeen(teamId, order?.connectionId ?? '', fingerprint)),
      );
      return true;
    });
    if (doubted) this.log.warn({ orderId: id, attempt }, 'the answer to an order was lost; it is being found out');
  }
}
