import { Injectable, Logger } from '@nestjs/common';
import { Outbox, UnitOfWork } from '#kernel/ports';
import { OrderHeldUp } from '../../contract.js';
import { OrderToReconcile, UnknownCaseSeen } from '../domain/events.js';
import { UnknownOutcomes } from '../domain/unknown-outcomes.js';
import type { VendorOrder } from '../domain/vendor-order.js';
import { VendorOrders } from '../domain/vendor-orders.js';
import { OrderLimits } from './order-limits.js';

/** The answer to an attempt was lost. The order is reconciled until evidence shows what happened (docs/reliability.md). */
@Injectable()
export class MarkOutcomeUnknown {
  private readonly log = new Logger('orders');

  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly orders: VendorOrders,
    private readonly unknownOutcomes: UnknownOutcomes,
    private readonly limits: OrderLimits,
    private readonly outbox: Outbox,
  ) {}

  /** Does nothing when the attempt has ended in another way meanwhile. */
  async of({ teamId, id, attempt }: VendorOrder, message?: string): Promise<void> {
    const inSeconds = this.limits.firstReconciliationSeconds;
    const details = { message, reconcileAfterSeconds: inSeconds };
    const markedUnknown = await this.unitOfWork.run(async () => {
      if (!(await this.orders.move(teamId, id, 'markUnknown', attempt, details))) return false;
      const order = await this.orders.find(teamId, id);
      await this.outbox.publish([new OrderHeldUp(teamId, id)]);
      await this.outbox.publish([new OrderToReconcile(teamId, id)], { inSeconds });
      // Webhook events may have named its case before its outcome was marked as unknown.
      const kept = order ? await this.unknownOutcomes.unmatchedCases(order) : [];
      await this.outbox.publish(
        kept.map((fingerprint) => new UnknownCaseSeen(teamId, order?.connectionId ?? '', fingerprint)),
      );
      return true;
    });
    if (markedUnknown)
      this.log.warn({ orderId: id, attempt }, 'the answer to an order was lost: its outcome is unknown');
  }
}
