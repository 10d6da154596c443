import { Injectable } from '@nestjs/common';
import { Outbox, UnitOfWork } from '#kernel/ports';
import type { Connection } from '../../connections/domain/connection.js';
import { Vendors } from '../../gateway/domain/vendors.js';
import { OrderDue } from '../domain/events.js';
import { VendorOrders } from '../domain/vendor-orders.js';

/** Plans the next try of a requested order: its turn and the job for it, in one transaction. */
@Injectable()
export class OrderTurns {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly orders: VendorOrders,
    private readonly vendors: Vendors,
    private readonly outbox: Outbox,
  ) {}

  /** The order waits for a reason of its own; other orders do not wait behind it. */
  later(order: { teamId: string; id: string }, inSeconds: number): Promise<void> {
    return this.plan(order, { inSeconds });
  }

  /** The account takes no orders for `inSeconds`. Its orders wait in line and are sent in the order of their requests. */
  inLine(order: { teamId: string; id: string }, connection: Connection, inSeconds: number): Promise<void> {
    // The account's calls per minute suffice for orders that are this far apart.
    const gapSeconds = 60 / this.vendors.of(connection.vendor).limits.requestsPerMinute;
    return this.plan(order, { inSeconds, line: { accountKey: connection.accountKey, gapSeconds } });
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
