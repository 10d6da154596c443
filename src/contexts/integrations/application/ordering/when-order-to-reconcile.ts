import { type EventHandler, HandlesEvent } from '#platform/events/event-handler';
import { OrderToReconcile } from '../../domain/events.js';
import { VendorOrders } from '../../domain/vendor-orders.js';
import { ReconcileOrders } from './reconcile-orders.js';

/** A list of many pages, paced by the budget, takes its time: far below the time after which the job is taken for dead. */
@HandlesEvent(OrderToReconcile, {
  name: 'reconcile-orders',
  formerQueues: ['integrations.order-to-look-for.v1/look-for-orders'],
  concurrency: 4,
  expireInSeconds: 900,
})
export class WhenOrderToReconcile implements EventHandler<OrderToReconcile> {
  constructor(
    private readonly orders: VendorOrders,
    private readonly lookFor: ReconcileOrders,
  ) {}

  async handle({ teamId, orderId }: OrderToReconcile): Promise<void> {
    const order = await this.orders.find(teamId, orderId);
    // Asked whatever became of this one: it stands for all whose turn it is.
    if (order) await this.lookFor.due(teamId, order.connectionId);
  }
}
