import { DomainError } from '#kernel/errors';
import { Clock, Outbox, UnitOfWork } from '#kernel/ports';
import { type EventHandler, HandlesEvent } from '#platform/events/event-handler';
import type { Connection } from '../../connections/domain/connection.js';
import { Connections } from '../../connections/domain/connections.js';
import { Vendors } from '../../gateway/domain/vendors.js';
import { OrderDue } from '../domain/events.js';
import type { VendorOrder } from '../domain/vendor-order.js';
import { OrderOwners, VendorOrders } from '../domain/vendor-orders.js';
import { AttemptTime } from './attempt-time.js';
import { MarkOutcomeUnknown } from './mark-outcome-unknown.js';
import { mustWaitReasons, OrderCalls, toPlace } from './order-calls.js';
import { OrderLimits } from './order-limits.js';
import { OrderTurns } from './order-turns.js';
import { ReconcileRestored } from './reconcile-restored.js';
import { RecordOutcome } from './record-outcome.js';
import { SendAgain } from './send-again.js';

/** How soon to try again when another order of the account was claimed for the same address in the meantime. */
const addressBusySeconds = 5;
const unstatedWaitSeconds = 10;
/** How often an order that the operator holds is checked. */
const heldSeconds = 20;

/**
 * One attempt at one order. It sends only what it claimed itself in this run. An order found in `sending` may be at the vendor
 * already and is not sent here; one in `in_doubt` only if its vendor recognises its id (`SendAgain`).
 */
@HandlesEvent(OrderDue, { name: 'attempt-order', concurrency: 4, expireInSeconds: 180 })
export class WhenOrderDue implements EventHandler<OrderDue> {
  constructor(
    private readonly orders: VendorOrders,
    private readonly owners: OrderOwners,
    private readonly connections: Connections,
    private readonly vendors: Vendors,
    private readonly calls: OrderCalls,
    private readonly limits: OrderLimits,
    private readonly turns: OrderTurns,
    private readonly recordOutcome: RecordOutcome,
    private readonly sendAgain: SendAgain,
    private readonly markOutcomeUnknown: MarkOutcomeUnknown,
    private readonly reconcileRestored: ReconcileRestored,
    private readonly unitOfWork: UnitOfWork,
    private readonly outbox: Outbox,
    private readonly clock: Clock,
  ) {}

  async handle({ teamId, orderId }: OrderDue): Promise<void> {
    const order = await this.orders.find(teamId, orderId);
    if (order?.state === 'sending') return this.checkOverdue(order);
    if (order?.state === 'in_doubt') return this.sendAgain.of(order);
    if (order?.state !== 'requested') return;
    const connection = await this.connections.currentFor(teamId, order.connectionId);
    if (!connection) throw new Error('The connection of an order that has not ended is gone.');
    if (connection.state === 'disabled')
      return this.recordOutcome.dropped(order, this.vendors.of(connection.vendor).name);
    if (connection.state === 'action_required') return this.recordOutcome.waiting(order, 'connection_attention');
    if (!(await this.owners.stillWant(teamId, orderId))) return this.recordOutcome.unwanted(order);
    if (this.limits.held) return this.hold(order, connection);
    if (order.waitingFor === 'orders_held') await this.recordOutcome.waiting(order, null);
    await this.attempt(order, connection);
  }

  private async attempt(order: VendorOrder, connection: Connection): Promise<void> {
    try {
      const busyFor = await this.orders.addressIsBusyFor(order.teamId, order.id, connection.accountKey);
      if (busyFor !== null) return await this.turns.later(order, busyFor);
      if (await this.orders.isBehindOthers(order.teamId, order.id, connection.accountKey))
        return await this.turns.inLine(order, connection, 0);
      await this.calls.send(connection, order.unknownSince ? 'resend' : 'order', async (credentials, vendor) => {
        const time = new AttemptTime(this.limits.timeoutMs, this.clock);
        const claim = await this.orders.claim(order.teamId, order.id, connection, this.limits);
        if (claim.kind === 'address_busy') await this.turns.later(order, addressBusySeconds);
        // It is reconciled first. If it is absent, a later job sends it.
        if (claim.kind === 'restored') await this.reconcileRestored.ifRestored();
        if (claim.kind !== 'claimed') return null;
        // From here on the order is committed as `sending`, so it is not sent again without evidence.
        const limits = { timeoutMs: time.leftMs, isOver: () => time.isOver };
        const outcome = await vendor.orders.placeOrder(credentials, toPlace(claim.order), limits);
        await this.recordOutcome.of(claim.order, connection, outcome);
        return outcome;
      });
    } catch (error) {
      if (!(error instanceof DomainError) || !mustWaitReasons.has(error.reason)) throw error;
      await this.turns.inLine(order, connection, error.retryAfterSeconds ?? unstatedWaitSeconds);
    }
  }

  /**
   * The operator holds all orders (`ORDERS_HELD`). Checked again while the service runs, so that orders go out after a restart
   * without the setting. They wait in line, so that they are checked no more often than they could be sent.
   */
  private async hold(order: VendorOrder, connection: Connection): Promise<void> {
    await this.recordOutcome.waiting(order, 'orders_held');
    await this.turns.inLine(order, connection, heldSeconds);
  }

  /** Another run is sending it, or died while sending. Once the attempt is certainly over, the outcome is unknown. */
  private async checkOverdue(order: VendorOrder): Promise<void> {
    if (!(await this.orders.isOverdue(order.teamId, order.id))) return this.checkLater(order);
    await this.markOutcomeUnknown.of(order);
  }

  private async checkLater({ teamId, id }: VendorOrder): Promise<void> {
    const inSeconds = this.limits.timeoutMs / 1000 + 1;
    await this.unitOfWork.run(() => this.outbox.publish([new OrderDue(teamId, id)], { inSeconds }));
  }
}
