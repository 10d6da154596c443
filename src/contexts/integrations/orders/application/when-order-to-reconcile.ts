import { type EventHandler, HandlesEvent } from '#platform/events/event-handler';
import { OrderToReconcile } from '../domain/events.js';
import { VendorOrders } from '../domain/vendor-orders.js';
import { ReconcileOrders } from './reconcile-orders.js';

/** A list of many pages, paced by the rate budget, takes a while, but far less than `expireInSeconds`. */
@HandlesEvent(OrderToReconcile, {
  name: 'reconcile-orders',
  formerQueues: ['integrations.order-to-look-for.v1/look-for-orders'],
  concurrency: 4,
  expireInSeconds: 900,
})
export class WhenOrderToReconcile implements EventHandler<OrderToReconcile> {
  constructor(
    private readonly orders: VendorOrders,
    private readonly reconcileOrders: ReconcileOrders,
  ) {}

  async handle({ teamId, orderId }: OrderToReconcile): Promise<void> {
    const order = await this.orders.find(teamId, orderId);
    // Regardless of this order's state: the job stands for all due orders of the connection.
    if (order) await this.reconcileOrders.due(teamId, order.connectionId);
  }
}
