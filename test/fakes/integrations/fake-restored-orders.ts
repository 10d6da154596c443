import { canonicalEmail } from '#kernel/email';
import type { Connections } from '../../../src/contexts/integrations/connections/domain/connections.js';
import { type MarkedOrder, RestoredOrders } from '../../../src/contexts/integrations/orders/domain/restored-orders.js';
import type { OrderState } from '../../../src/contexts/integrations/orders/domain/vendor-order.js';
import type { AttemptLimits, WantedOrder } from '../../../src/contexts/integrations/orders/domain/vendor-orders.js';
import type { IntegrationsTables, OrderRow } from './tables.js';

const unfinished: readonly OrderState[] = ['requested', 'sending', 'in_doubt', 'needs_decision'];
const leap = 1_000_000;
const skewMs = 15 * 60_000;

/** Passes the suite of `RestoredOrders`. */
export class FakeRestoredOrders extends RestoredOrders {
  constructor(
    private readonly tables: IntegrationsTables,
    private readonly connections: Connections,
  ) {
    super();
  }

  async isRecorded(): Promise<boolean> {
    return this.tables.isRecorded;
  }

  lock(): Promise<void> {
    return this.tables.lockAllOrders();
  }

  async markAllUnknown(
    wanted: readonly WantedOrder[],
    { timeoutMs, visibilityLagSeconds }: AttemptLimits,
    firstReconciliationSeconds: number,
  ): Promise<MarkedOrder[]> {
    for (const one of wanted) await this.addMissing(one);
    const rows = await Promise.all(
      this.tables.orders.where(({ state }) => unfinished.includes(state)).map((row) => this.atPresentAccount(row)),
    );
    const visibleAt = this.tables.in(timeoutMs / 1000 + visibilityLagSeconds);
    const reconcileAt = this.tables.in(firstReconciliationSeconds);
    return rows.map((row) => {
      const [first] = rows.filter((other) => areAlike(row, other)).toSorted(before);
      const isFirst = first === row;
      this.tables.saveOrder({
        ...{ ...row, state: isFirst ? 'in_doubt' : 'needs_decision', attempt: row.attempt + leap },
        ...{ unknownSince: row.unknownSince ?? row.createdAt, reconcileAt: isFirst ? reconcileAt : null },
        visibleAt: row.visibleAt && row.visibleAt > visibleAt ? row.visibleAt : visibleAt,
        ...{ reconciliations: 0, absences: 0, absentAt: null },
        ...{ waitingFor: null, message: null, dueAt: null, inLine: false },
      });
      const { teamId, id, connectionId } = row;
      return { teamId, id, connectionId, reconcileAt: isFirst ? reconcileAt : null };
    });
  }

  async record(): Promise<void> {
    this.tables.record();
  }

  private async addMissing({ teamId, id, vendor, packageId, email, wantedSince }: WantedOrder): Promise<void> {
    const connection = await this.connections.currentOf(teamId, vendor);
    if (!connection || this.tables.order(teamId, id)) return;
    const { id: connectionId, accountKey } = connection;
    const order = { teamId, id, vendor, packageId, email, connectionId, accountKey };
    this.tables.addOrder({ ...order, state: 'requested' }, new Date(wantedSince.getTime() - skewMs));
  }

  /** An order that was never sent would use the current connection to its vendor. */
  private async atPresentAccount(row: OrderRow): Promise<OrderRow> {
    const current = row.state === 'requested' ? await this.connections.currentOf(row.teamId, row.vendor) : null;
    return current ? { ...row, connectionId: current.id, accountKey: current.accountKey } : row;
  }
}

const areAlike = (one: OrderRow, other: OrderRow): boolean =>
  one.accountKey === other.accountKey && canonicalEmail(one.email) === canonicalEmail(other.email);

const isInFlight = ({ state }: OrderRow): number => Number(state === 'sending' || state === 'in_doubt');

const before = (one: OrderRow, other: OrderRow): number =>
  isInFlight(other) - isInFlight(one) || one.createdAt.getTime() - other.createdAt.getTime() || one.nth - other.nth;
