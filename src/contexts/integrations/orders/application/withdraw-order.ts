import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { UnitOfWork } from '#kernel/ports';
import { Connections } from '../../connections/domain/connections.js';
import { type WithdrawAnswer, WithdrawOrder } from '../../contract.js';
import { VendorOrders } from '../domain/vendor-orders.js';

/**
 * Withdraws an order that was not sent. An unknown order id is stored as withdrawn, so that a late job cannot place it. An order
 * that may be at the vendor is marked, so that it is not resent whatever reconciliation finds.
 */
@CommandHandler(WithdrawOrder)
export class WithdrawOrderHandler implements ICommandHandler<WithdrawOrder> {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly connections: Connections,
    private readonly orders: VendorOrders,
  ) {}

  async execute({ teamId, orderId, vendor }: WithdrawOrder): Promise<WithdrawAnswer> {
    return this.unitOfWork.run(async () => {
      const connection = await this.connections.currentOf(teamId, vendor);
      // Without a connection nothing can be sent.
      if (!connection) return 'withdrawn';
      const unseen = { teamId, id: orderId, packageId: '', email: '', state: 'withdrawn' } as const;
      if (await this.orders.addIfAbsent(unseen, connection)) return 'withdrawn';
      // The update also locks the row: no attempt begins or ends until this is committed.
      await this.orders.markDoNotSend(teamId, orderId);
      if (await this.orders.move(teamId, orderId, 'withdraw', null)) return 'withdrawn';
      const order = await this.orders.find(teamId, orderId);
      return order?.state === 'withdrawn' ? 'withdrawn' : 'too_late';
    });
  }
}
