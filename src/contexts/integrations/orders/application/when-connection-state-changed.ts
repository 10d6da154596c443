import { Outbox, UnitOfWork } from '#kernel/ports';
import { type EventHandler, HandlesEvent } from '#platform/events/event-handler';
import { Connections } from '../../connections/domain/connections.js';
import { ConnectionStateChanged } from '../../contract.js';
import { OrderDue } from '../domain/events.js';
import { VendorOrders } from '../domain/vendor-orders.js';

/** Starts the orders that wait for a connection of the team. If theirs is disabled, their attempt drops them. */
@HandlesEvent(ConnectionStateChanged, { name: 'resume-orders' })
export class WhenConnectionStateChanged implements EventHandler<ConnectionStateChanged> {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly connections: Connections,
    private readonly orders: VendorOrders,
    private readonly outbox: Outbox,
  ) {}

  async handle({ teamId }: ConnectionStateChanged): Promise<void> {
    await this.unitOfWork.run(async () => {
      for (const [connectionId, waiting] of Map.groupBy(await this.orders.requestedOf(teamId), (o) => o.connectionId)) {
        const connection = await this.connections.currentFor(teamId, connectionId);
        if (connection?.state === 'action_required') continue;
        await this.outbox.publish(waiting.map(({ id }) => new OrderDue(teamId, id)));
      }
    });
  }
}
