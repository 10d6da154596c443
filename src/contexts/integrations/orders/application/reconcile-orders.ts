import { Injectable, Logger } from '@nestjs/common';
import { DomainError } from '#kernel/errors';
import { Outbox, UnitOfWork } from '#kernel/ports';
import type { Connection } from '../../connections/domain/connection.js';
import { Connections } from '../../connections/domain/connections.js';
import { VendorFailure, type VendorCase } from '../../gateway/domain/vendor-terms.js';
import { Vendors } from '../../gateway/domain/vendors.js';
import { OrderDue, OrderToReconcile } from '../domain/events.js';
import { type Reconciliation, UnknownOutcomes } from '../domain/unknown-outcomes.js';
import { isSettled, type WayOut, wayOutOf } from '../domain/unknown-outcome-rules.js';
import type { VendorOrder } from '../domain/vendor-order.js';
import { ApplyReconciliation } from './apply-reconciliation.js';
import { OrderLimits } from './order-limits.js';
import { CaseTaken } from './place-case.js';
import { ReadList } from './read-list.js';

/**
 * Reconciles orders of unknown outcome. What the vendor can do decides how (`unknown-outcome-rules.ts`). With a list: reads one
 * for all that are due, then applies it to each.
 */
@Injectable()
export class ReconcileOrders {
  private readonly log = new Logger('orders');

  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly connections: Connections,
    private readonly unknownOutcomes: UnknownOutcomes,
    private readonly readList: ReadList,
    private readonly applyReconciliation: ApplyReconciliation,
    private readonly vendors: Vendors,
    private readonly limits: OrderLimits,
    private readonly outbox: Outbox,
  ) {}

  /** All orders of a connection that are due. */
  async due(teamId: string, connectionId: string): Promise<void> {
    const connection = await this.connections.byId(teamId, connectionId);
    if (!connection) return;
    const reconciliation = await this.take(teamId, connectionId);
    if (reconciliation.orders.length === 0) return;
    try {
      await this.reconcile(reconciliation, connection);
    } catch (error) {
      if (!isPassing(error)) throw error;
      this.log.warn(
        { orders: reconciliation.orders.length },
        `orders of unknown outcome could not be reconciled: ${error.message}`,
      );
      for (const order of reconciliation.orders) await this.applyReconciliation.fromFailedRead(order);
    }
  }

  /**
   * One order, now, outside its schedule. `seen` is a case that the list may not show yet. Throws what reading the list throws.
   * Does nothing unless the order's outcome is unknown.
   */
  async now(teamId: string, orderId: string, seen?: VendorCase): Promise<void> {
    const reconciliation = await this.unknownOutcomes.takeOne(teamId, orderId);
    const [order] = reconciliation.orders;
    const connection = order && (await this.connections.byId(teamId, order.connectionId));
    if (connection) await this.reconcile(reconciliation, connection, seen);
  }

  /** Takes the orders and plans their next reconciliation in one transaction, so that a crash costs one attempt, not the order. */
  private async take(teamId: string, connectionId: string): Promise<Reconciliation> {
    return this.unitOfWork.run(async () => {
      const reconciliation = await this.unknownOutcomes.takeDue(teamId, connectionId, this.limits.waits);
      for (const [inSeconds, { id }] of nextTurns(reconciliation))
        await this.outbox.publish([new OrderToReconcile(teamId, id)], { inSeconds });
      return reconciliation;
    });
  }

  private async reconcile({ at, orders }: Reconciliation, connection: Connection, seen?: VendorCase): Promise<void> {
    const { capabilities } = this.vendors.of(connection.vendor);
    const by = Map.groupBy(orders, (order) => wayOutOf(capabilities, order, at, connection));
    const taking = (wayOut: WayOut): VendorOrder[] => by.get(wayOut) ?? [];
    await this.sendAgain(taking('send_again').filter((order) => isSettled(order, at)));
    for (const order of taking('ask')) await this.applyReconciliation.withoutEvidence(order, connection, at, seen);
    if (by.has('read_list')) await this.withList(taking('read_list'), at, connection, seen);
  }

  private async sendAgain(orders: VendorOrder[]): Promise<void> {
    if (orders.length === 0) return;
    await this.unitOfWork.run(() => this.outbox.publish(orders.map(({ teamId, id }) => new OrderDue(teamId, id))));
  }

  private async withList(orders: VendorOrder[], at: Date, connection: Connection, seen?: VendorCase): Promise<void> {
    const list = await this.readList.around(orders, connection);
    const cases = seen ? [...list.cases.filter(({ id }) => id !== seen.id), seen] : list.cases;
    for (const order of orders) {
      try {
        await this.applyReconciliation.from({ ...list, cases }, order, connection, at, seen ? 'notice' : 'list');
      } catch (error) {
        // Another order got the case at the same moment. The next reconciliation takes that into account.
        if (!(error instanceof CaseTaken)) throw error;
      }
    }
  }
}

/** Seconds until the next reconciliations, each with one of its orders: one job takes all orders that are due. */
function nextTurns({ at, orders }: Reconciliation): Map<number, VendorOrder> {
  const inSeconds = (reconcileAt: Date): number => Math.max(0, (reconcileAt.getTime() - at.getTime()) / 1000);
  return new Map(orders.flatMap((order) => (order.reconcileAt ? [[inSeconds(order.reconcileAt), order]] : [])));
}

/** The vendor could not be reached or the budget is used up: the next reconciliation tries again. */
function isPassing(error: unknown): error is Error {
  return error instanceof VendorFailure || (error instanceof DomainError && error.reason === 'budget_exhausted');
}
