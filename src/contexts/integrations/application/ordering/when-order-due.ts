import { DomainError } from '#kernel/errors';
import { Clock, Outbox, UnitOfWork } from '#kernel/ports';
import { type EventHandler, HandlesEvent } from '#platform/events/event-handler';
import type { Connection } from '../../domain/connection.js';
import { Connections } from '../../domain/connections.js';
import { OrderDue } from '../../domain/events.js';
import { type OrderOutcome, ScreeningProvider } from '../../domain/screening-provider.js';
import type { VendorOrder } from '../../domain/vendor-order.js';
import { OrderOwners, VendorOrders } from '../../domain/vendor-orders.js';
import { AttemptTime } from './attempt-time.js';
import { MarkOutcomeUnknown } from './mark-outcome-unknown.js';
import { OrderCalls } from './order-calls.js';
import { OrderLimits } from './order-limits.js';
import { OrderTurns } from './order-turns.js';
import { ReconcileRestored } from './reconcile-restored.js';
import { RecordOutcome } from './record-outcome.js';

/** Another order of the same account was claimed for the address a moment ago. */
const addressBusySeconds = 5;
/** Nothing was sent, and this order may have to wait as others do. */
const mustWaitReasons = new Set(['budget_exhausted', 'certn_unreachable', 'certn_error']);
const unstatedWaitSeconds = 10;
const openSeconds = 20;

/**
 * One attempt at one order. Sends only what it claimed itself, in this very run: an order met in `sending` or `in_doubt` may
 * be at the vendor already and is never sent from here.
 */
@HandlesEvent(OrderDue, { name: 'attempt-order', concurrency: 4, expireInSeconds: 180 })
export class WhenOrderDue implements EventHandler<OrderDue> {
  constructor(
    private readonly orders: VendorOrders,
    private readonly owners: OrderOwners,
    private readonly connections: Connections,
    private readonly provider: ScreeningProvider,
    private readonly calls: OrderCalls,
    private readonly limits: OrderLimits,
    private readonly turns: OrderTurns,
    private readonly recordOutcome: RecordOutcome,
    private readonly markOutcomeUnknown: MarkOutcomeUnknown,
    private readonly reconcile: ReconcileRestored,
    private readonly unitOfWork: UnitOfWork,
    private readonly outbox: Outbox,
    private readonly clock: Clock,
  ) {}

  async handle({ teamId, orderId }: OrderDue): Promise<void> {
    const order = await this.orders.find(teamId, orderId);
    if (order?.state === 'sending') return this.meetAttempt(order);
    if (order?.state !== 'requested') return;
    const connection = await this.connections.currentOf(teamId);
    if (!connection || connection.state === 'disabled') return this.recordOutcome.dropped(order);
    if (connection.state === 'attention') return this.recordOutcome.waiting(order, 'connection_attention');
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
      await this.calls.send(connection, order.unknownSince ? 'resend' : 'order', async (credentials) => {
        const time = new AttemptTime(this.limits.timeoutMs, this.clock);
        const claim = await this.orders.claim(order.teamId, order.id, connection, this.limits);
        if (claim.kind === 'address_busy') await this.turns.later(order, addressBusySeconds);
        // Looked for first, then sent by the job that comes of that.
        if (claim.kind === 'restored') await this.reconcile.ifRestored();
        if (claim.kind !== 'claimed') return null;
        // From here on the order is committed as `sending`: whatever happens, nobody sends it again without evidence.
        const { packageId, email } = claim.order;
        const limits = { timeoutMs: time.leftMs, isOver: () => time.isOver };
        const outcome: OrderOutcome = await this.provider.placeOrder(credentials, { packageId, email }, limits);
        await this.recordOutcome.of(claim.order, connection, outcome);
        return outcome;
      });
    } catch (error) {
      if (!(error instanceof DomainError) || !mustWaitReasons.has(error.reason)) throw error;
      await this.turns.inLine(order, connection, error.retryAfterSeconds ?? unstatedWaitSeconds);
    }
  }

  /**
   * Asked again while the service runs: without the setting the next run sends it. In line, so that however many are held, they
   * are looked at no more often than they could be sent.
   */
  private async hold(order: VendorOrder, connection: Connection): Promise<void> {
    await this.recordOutcome.waiting(order, 'orders_held');
    await this.turns.inLine(order, connection, openSeconds);
  }

  /** Another run is at it, or died at it. When its time is certainly over, its answer is lost: in doubt. */
  private async meetAttempt(order: VendorOrder): Promise<void> {
    if (!(await this.orders.isOverdue(order.teamId, order.id))) return this.comeBack(order);
    await this.markOutcomeUnknown.of(order);
  }

  private async comeBack({ teamId, id }: VendorOrder): Promise<void> {
    const inSeconds = this.limits.timeoutMs / 1000 + 1;
    await this.unitOfWork.run(() => this.outbox.publish([new OrderDue(teamId, id)], { inSeconds }));
  }
}
