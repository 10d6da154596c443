import { Injectable } from '@nestjs/common';
import { Outbox, UnitOfWork } from '#kernel/ports';
import type { Connection } from '../../domain/connection.js';
import { OrderDue } from '../../domain/events.js';
import { VendorOrders } from '../../domain/vendor-orders.js';
import { OrderLimits } from './order-limits.js';

/** When a requested order is tried next: its turn and the job for it, in one transaction. */
@Injectable()
export class OrderTurns {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly orders: VendorOrders,
    private readonly limits: OrderLimits,
    private readonly outbox: Outbox,
  ) {}

  /** For a reason of its own: it keeps no other order waiting. */
  later(order: { teamId: string; id: string }, inSeconds: number): Promise<void> {
    return this.plan(order, { inSeconds });
  }

  /** The account takes no orders for so long: first come, first served once it does. */
  inLine(order: { teamId: string; id: string }, { accountKey }: Connection, inSeconds: number): Promise<void> {
    return this.plan(order, { inSeconds, line: { accountKey, gapSeconds: this.limits.gapSeconds } });
  }

  private plan(
    { teamId, id }: { teamId: string; id: string },
    turn: Parameters<VendorOrders['planTurn']>[2],
  ): Promise<void> {
    return this.unitOfWork.run(async () => {
      const inSeconds = await this.orders.planTurn(teamId, id, turn);
      if (inSeconds !== null) await this.outbox.publish([new OrderDue(teamId, id)], { inSeconds });
    });
  }
}
