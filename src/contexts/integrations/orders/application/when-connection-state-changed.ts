import { Outbox, UnitOfWork } from '#kernel/ports';
import { type EventHandler, HandlesEvent } from '#platform/events/event-handler';
import { Connections } from '../../connections/domain/connections.js';
import { ConnectionStateChanged } from '../../contract.js';
import { OrderDue } from '../domain/events.js';
import { VendorOrders } from '../domain/vendor-orders.js';

/** Starts the orders that wait for the connection. If it is disabled, their attempt drops them. */
@HandlesEvent(ConnectionStateChanged, { name: 'resume-orders' })
export class WhenConnectionStateChanged implements EventHandler<ConnectionStateChanged> {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly connections: Connections,
    private readonly orders: VendorOrders,
    private readonly outbox: Outbox,
  ) {}

  async handle({ teamId }: ConnectionStateChanged): Promise<void> {
    const connection = await this.connections.currentOf(teamId);
    if (connection?.state === 'action_required') return;
    await this.unitOfWork.run(async () => {
      const waiting = await this.orders.requestedOf(teamId);
      await this.outbox.publish(waiting.map(({ id }) => new OrderDue(teamId, id)));
    });
  }
}
