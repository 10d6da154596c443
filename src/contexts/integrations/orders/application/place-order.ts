import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { Outbox, UnitOfWork } from '#kernel/ports';
import { Connections } from '../../connections/domain/connections.js';
import { PlaceOrder } from '../../contract.js';
import { OrderDue } from '../domain/events.js';
import { VendorOrders } from '../domain/vendor-orders.js';

/** Stores the order; a job sends it. A repeated command adds no second order and no second job. */
@CommandHandler(PlaceOrder)
export class PlaceOrderHandler implements ICommandHandler<PlaceOrder> {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly connections: Connections,
    private readonly orders: VendorOrders,
    private readonly outbox: Outbox,
  ) {}

  async execute({ teamId, orderId, vendor, packageId, email }: PlaceOrder): Promise<void> {
    await this.unitOfWork.run(async () => {
      const connection = await this.connections.currentOf(teamId, vendor);
      // A check cannot be sent without a connection, and connections are never deleted while they are current.
      if (!connection) throw new Error('An order came from a team that never had a connection to its vendor.');
      const added = await this.orders.addIfAbsent({ teamId, id: orderId, packageId, email }, connection);
      if (added) await this.outbox.publish([new OrderDue(teamId, orderId)]);
    });
  }
}
