import { Injectable, Logger } from '@nestjs/common';
import { DomainError } from '#kernel/errors';
import { Outbox, UnitOfWork } from '#kernel/ports';
import type { Connection } from '../../domain/connection.js';
import { Connections } from '../../domain/connections.js';
import { OrderToReconcile } from '../../domain/events.js';
import { type Reconciliation, UnknownOutcomes } from '../../domain/unknown-outcomes.js';
import { ProviderFailure, type VendorCase } from '../../domain/screening-provider.js';
import type { VendorOrder } from '../../domain/vendor-order.js';
import { ApplyReconciliation } from './apply-reconciliation.js';
import { OrderLimits } from './order-limits.js';
import { CaseTaken } from './place-case.js';
import { ReadList } from './read-list.js';

/** Looks for orders whose answer was lost: one list for all that are due, then a conclusion for each. */
@Injectable()
export class ReconcileOrders {
  private readonly log = new Logger('orders');

  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly connections: Connections,
    private readonly unknownOutcomes: UnknownOutcomes,
    private readonly readList: ReadList,
    private readonly conclude: ApplyReconciliation,
    private readonly limits: OrderLimits,
    private readonly outbox: Outbox,
  ) {}

  /** All orders of a connection whose turn has come. */
  async due(teamId: string, connectionId: string): Promise<void> {
    const connection = await this.connections.byId(teamId, connectionId);
    if (!connection) return;
    const reconciliation = await this.take(teamId, connectionId);
    if (reconciliation.orders.length === 0) return;
    try {
      await this.reconciliation(reconciliation, connection);
    } catch (error) {
      if (!isPassing(error)) throw error;
      this.log.warn(
        { orders: reconciliation.orders.length },
        `orders in doubt could not be looked for: ${error.message}`,
      );
      for (const order of reconciliation.orders) await this.conclude.fromNothing(order);
    }
  }

  /**
   * One order, now and out of turn; `seen` is a case that the list need not show yet. Throws what the list throws. Nothing
   * happens when the order is not in doubt.
   */
  async now(teamId: string, orderId: string, seen?: VendorCase): Promise<void> {
    const reconciliation = await this.unknownOutcomes.takeOne(teamId, orderId);
    const [order] = reconciliation.orders;
    const connection = order && (await this.connections.byId(teamId, order.connectionId));
    if (connection) await this.reconciliation(reconciliation, connection, seen);
  }

  /** Each is taken together with its next turn: a crash from here on costs one look, not the order. */
  private async take(teamId: string, connectionId: string): Promise<Reconciliation> {
    return this.unitOfWork.run(async () => {
      const reconciliation = await this.unknownOutcomes.takeDue(teamId, connectionId, this.limits.waits);
      for (const [inSeconds, { id }] of nextTurns(reconciliation))
        await this.outbox.publish([new OrderToReconcile(teamId, id)], { inSeconds });
      return reconciliation;
    });
  }

  private async reconciliation(
    { at, orders }: Reconciliation,
    connection: Connection,
    seen?: VendorCase,
  ): Promise<void> {
    const reading = await this.readList.around(orders, connection);
    const cases = seen ? [...reading.cases.filter(({ id }) => id !== seen.id), seen] : reading.cases;
    for (const order of orders) {
      try {
        await this.conclude.from({ ...reading, cases }, order, connection, at, seen ? 'notice' : 'list');
      } catch (error) {
        // Another order got the case at the same moment. The next turn sees it so.
        if (!(error instanceof CaseTaken)) throw error;
      }
    }
  }
}

/** In how many seconds to look next, and one order of those whose turn it is then: whoever looks takes all that are due. */
function nextTurns({ at, orders }: Reconciliation): Map<number, VendorOrder> {
  const inSeconds = (reconcileAt: Date): number => Math.max(0, (reconcileAt.getTime() - at.getTime()) / 1000);
  return new Map(orders.flatMap((order) => (order.reconcileAt ? [[inSeconds(order.reconcileAt), order]] : [])));
}

/** The vendor could not be asked, for whatever reason: the next turn asks again. */
function isPassing(error: unknown): error is Error {
  return error instanceof ProviderFailure || (error instanceof DomainError && error.reason === 'budget_exhausted');
}
