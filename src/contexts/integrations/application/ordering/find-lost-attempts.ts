import { Injectable } from '@nestjs/common';
import { Outbox, UnitOfWork } from '#kernel/ports';
import { OrderToLookFor } from '../../domain/events.js';
import { OrdersInDoubt } from '../../domain/orders-in-doubt.js';
import { DoubtOrder } from './doubt-order.js';

/**
 * A belt: finds orders whose job is lost, however that came about. Attempts that ended long ago become doubts; orders in doubt
 * that nobody looked for are looked for. To be run every now and then for each connection.
 */
@Injectable()
export class FindLostAttempts {
  constructor(
    private readonly inDoubt: OrdersInDoubt,
    private readonly doubtOrder: DoubtOrder,
    private readonly unitOfWork: UnitOfWork,
    private readonly outbox: Outbox,
  ) {}

  async of(teamId: string, connectionId: string): Promise<void> {
    for (const order of await this.inDoubt.abandoned(teamId, connectionId)) await this.doubtOrder.of(order);
    const [overlooked] = await this.inDoubt.overlooked(teamId, connectionId);
    // One look takes all that are due.
    if (overlooked) await this.unitOfWork.run(() => this.outbox.publish([new OrderToLookFor(teamId, overlooked.id)]));
  }
}
