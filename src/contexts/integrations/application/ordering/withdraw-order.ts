import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { UnitOfWork } from '#kernel/ports';
import { type WithdrawAnswer, WithdrawOrder } from '../../contract.js';
import { Connections } from '../../domain/connections.js';
import { VendorOrders } from '../../domain/vendor-orders.js';

/**
 * Withdraws an order that was not sent. One that was never seen is remembered, so that a late job cannot place it. One that may
 * be at the vendor is marked: whatever is found out about it, it is never sent again.
 */
@CommandHandler(WithdrawOrder)
export class WithdrawOrderHandler implements ICommandHandler<WithdrawOrder> {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly connections: Connections,
    private readonly orders: VendorOrders,
  ) {}

  async execute({ teamId, orderId }: WithdrawOrder): Promise<WithdrawAnswer> {
    return this.unitOfWork.run(async () => {
      const connection = await this.connections.currentOf(teamId);
      // Without a connection nothing can ever be sent.
      if (!connection) return 'withdrawn';
      const unseen = { teamId, id: orderId, packageId: '', email: '', state: 'withdrawn' } as const;
      if (await this.orders.addIfAbsent(unseen, connection)) return 'withdrawn';
      // The mark also holds the row: from here on no attempt begins or ends until this is committed.
      await this.orders.markDoNotSend(teamId, orderId);
      if (await this.orders.move(teamId, orderId, 'withdraw', null)) return 'withdrawn';
      const order = await this.orders.find(teamId, orderId);
      return order?.state === 'withdrawn' ? 'withdrawn' : 'too_late';
    });
  }
}
