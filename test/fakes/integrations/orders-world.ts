import type { Id } from '#kernel/id';
import { DecideOrder, EraseOrder, PlaceOrder, WithdrawOrder } from '../../../src/contexts/integrations/contract.js';
import { ConnectionStateChanged, type WithdrawAnswer } from '../../../src/contexts/integrations/contract.js';
import { ApplyReconciliation } from '../../../src/contexts/integrations/orders/application/apply-reconciliation.js';
import { DecideOrderHandler } from '../../../src/contexts/integrations/orders/application/decide-order.js';
import { EraseOrderHandler } from '../../../src/contexts/integrations/orders/application/erasing/erase-order.js';
import { MarkOutcomeUnknown } from '../../../src/contexts/integrations/orders/application/mark-outcome-unknown.js';
import { OrderCalls } from '../../../src/contexts/integrations/orders/application/order-calls.js';
import { OrderTurns } from '../../../src/contexts/integrations/orders/application/order-turns.js';
import { PlaceCase } from '../../../src/contexts/integrations/orders/application/place-case.js';
import { PlaceOrderHandler } from '../../../src/contexts/integrations/orders/application/place-order.js';
import { ReadList } from '../../../src/contexts/integrations/orders/application/read-list.js';
import { ReconcileOrders } from '../../../src/contexts/integrations/orders/application/reconcile-orders.js';
import { ReconcileRestored } from '../../../src/contexts/integrations/orders/application/reconcile-restored.js';
import { RecordOutcome } from '../../../src/contexts/integrations/orders/application/record-outcome.js';
import { SendAgain } from '../../../src/contexts/integrations/orders/application/send-again.js';
import { WhenConnectionStateChanged } from '../../../src/contexts/integrations/orders/application/when-connection-state-changed.js';
import { WhenOrderDue } from '../../../src/contexts/integrations/orders/application/when-order-due.js';
import { WhenOrderToReconcile } from '../../../src/contexts/integrations/orders/application/when-order-to-reconcile.js';
import { WithdrawOrderHandler } from '../../../src/contexts/integrations/orders/application/withdraw-order.js';
import { OrderDue, OrderToReconcile } from '../../../src/contexts/integrations/orders/domain/events.js';
import type { ScriptedOrder } from '../../support/fake-vendor.js';
import { anId } from '../platform.js';
import { World, type WorldOptions } from './world.js';

/** An answer that says nothing: the vendor may have executed the order. */
export const lost = { kind: 'outcome_unknown', message: 'The answer was lost.' } as const;

/** The use cases of orders on fakes. Their jobs run when the test lets them (`work`, `passes`). */
export class OrdersWorld extends World {
  readonly placeCase = new PlaceCase(this.orders, this.links, this.outbox);
  readonly turns: OrderTurns;
  readonly orderCalls: OrderCalls;
  readonly markOutcomeUnknown: MarkOutcomeUnknown;
  readonly recordOutcome: RecordOutcome;
  readonly reconcileOrders: ReconcileOrders;
  readonly reconcileRestored: ReconcileRestored;
  readonly whenOrderDue: WhenOrderDue;

  constructor(options: WorldOptions = {}) {
    super(options);
    const { unitOfWork, connections, orders, unknownOutcomes, outbox, limits, vendors, owners, clock, calls } = this;
    this.turns = new OrderTurns(unitOfWork, orders, vendors, outbox);
    this.orderCalls = new OrderCalls(calls, this.vendorCalls, this.breaker, vendors);
    this.markOutcomeUnknown = new MarkOutcomeUnknown(unitOfWork, orders, unknownOutcomes, limits, outbox);
    this.recordOutcome = new RecordOutcome(
      ...([unitOfWork, orders, this.placeCase, this.markOutcomeUnknown, this.turns, outbox] as const),
    );
    const apply = new ApplyReconciliation(
      ...([unitOfWork, orders, unknownOutcomes, connections, this.placeCase, limits, outbox] as const),
    );
    const readList = new ReadList(calls, unknownOutcomes);
    this.reconcileOrders = new ReconcileOrders(
      ...([unitOfWork, connections, unknownOutcomes, readList, apply, vendors, limits, outbox] as const),
    );
    this.reconcileRestored = new ReconcileRestored(this.restoredOrders, owners, limits, unitOfWork, outbox);
    const sendAgain = new SendAgain(
      ...([orders, owners, connections, vendors, this.orderCalls, limits] as const),
      ...([this.recordOutcome, unitOfWork, clock] as const),
    );
    this.whenOrderDue = new WhenOrderDue(
      ...([orders, owners, connections, vendors, this.orderCalls, limits, this.turns, this.recordOutcome] as const),
      ...([sendAgain, this.markOutcomeUnknown, this.reconcileRestored, unitOfWork, outbox, clock] as const),
    );
    this.on(OrderDue, this.whenOrderDue);
    this.on(OrderToReconcile, new WhenOrderToReconcile(orders, this.reconcileOrders));
    this.on(ConnectionStateChanged, new WhenConnectionStateChanged(unitOfWork, connections, orders, outbox));
  }

  static async open(options: WorldOptions = {}): Promise<OrdersWorld> {
    return new OrdersWorld(options).begin();
  }

  /** Stores an order; its job runs later. */
  async place(email = 'ada@example.org', packageId = 'basic', id = anId()): Promise<Id> {
    const { unitOfWork, connections, orders, outbox } = this;
    await new PlaceOrderHandler(unitOfWork, connections, orders, outbox).execute(
      new PlaceOrder(this.teamId, id, this.connection.vendor, packageId, email),
    );
    return id;
  }

  /** An order whose first attempt is over. */
  async attempted(script?: ScriptedOrder, email?: string): Promise<Id> {
    if (script) this.vendor.nextOrders.push(script);
    const id = await this.place(email);
    await this.work();
    return id;
  }

  withdraw(id: Id): Promise<WithdrawAnswer> {
    const { unitOfWork, connections, orders } = this;
    const command = new WithdrawOrder(this.teamId, id, this.connection.vendor);
    return new WithdrawOrderHandler(unitOfWork, connections, orders).execute(command);
  }

  decide(id: Id, verdict: DecideOrder['verdict']): Promise<void> {
    const { unitOfWork, orders, connections, vendors, calls, placeCase, outbox } = this;
    const parts = [unitOfWork, orders, connections, vendors, calls, placeCase, outbox] as const;
    return new DecideOrderHandler(...parts).execute(new DecideOrder(this.teamId, id, verdict));
  }

  eraseOrder(id: Id): Promise<void> {
    const { unitOfWork, erasedOrders, outbox } = this;
    return new EraseOrderHandler(unitOfWork, erasedOrders, outbox).execute(new EraseOrder(this.teamId, id));
  }

  /** An order of unknown outcome ends as refused, whatever happened to it. */
  async decideByHand(id: Id): Promise<void> {
    await this.orders.move(this.teamId, id, 'refuse', (await this.order(id)).attempt);
  }

  /** The orders that the vendor executed. */
  get executed(): string[] {
    return this.account.orders.map(({ orderId }) => orderId);
  }
}
