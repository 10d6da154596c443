import {
  CaseWatch,
  type ListVerdict,
  type Place,
  type WatchedCase,
} from '../../../src/contexts/integrations/cases/domain/case-watch.js';
import type { Connection } from '../../../src/contexts/integrations/connections/domain/connection.js';
import { endedStates, type VendorCase } from '../../../src/contexts/integrations/gateway/domain/vendor-terms.js';
import type { FakeConnections } from './fake-connections.js';
import { differs, withSnapshot } from './fake-vendor-cases.js';
import type { CaseRow, IntegrationsTables } from './tables.js';

const recentMs = 90 * 86_400_000;
const isOpen = ({ state, caseId }: CaseRow): boolean => caseId !== null && !endedStates.includes(state);
const isOf = ({ teamId, id }: Connection, row: { teamId: string; connectionId: string }): boolean =>
  row.teamId === teamId && row.connectionId === id;

/** Passes the suite of `CaseWatch`. */
export class FakeCaseWatch extends CaseWatch {
  constructor(
    private readonly tables: IntegrationsTables,
    private readonly connections: FakeConnections,
  ) {
    super();
  }

  async hasAnything(connection: Connection): Promise<boolean> {
    const since = this.tables.clock.now().getTime() - recentMs;
    const cases = this.casesOf(connection, (row) => isOpen(row) || row.orderedAt.getTime() > since);
    const orders = this.tables.orders.where(
      (row) => isOf(connection, row) && (row.state === 'sending' || row.state === 'in_doubt'),
    );
    return cases.length + orders.length > 0;
  }

  async countOpen(connection: Connection): Promise<{ own: number; account: number }> {
    const sharing = this.connections.stored.filter(({ accountKey }) => accountKey === connection.accountKey);
    const counts = sharing.map((one) => this.casesOf(one, isOpen).length);
    return { own: this.casesOf(connection, isOpen).length, account: counts.reduce((sum, count) => sum + count, 0) };
  }

  async openAfter(connection: Connection, after: Place | null, limit: number): Promise<WatchedCase[]> {
    const from = after && { orderedAt: new Date(after.orderedAt), orderId: after.orderId };
    const open = this.casesOf(connection, (row) => isOpen(row) && (!from || before(from, row) < 0));
    return open.slice(0, limit);
  }

  async between(connection: Connection, from: Date, to: Date): Promise<WatchedCase[]> {
    return this.casesOf(connection, ({ orderedAt }) => orderedAt >= from && orderedAt < to);
  }

  async compare(
    connection: Connection,
    listed: VendorCase[],
    readAt: Date,
    visibilityLagSeconds: number,
  ): Promise<ListVerdict[]> {
    return listed.flatMap((shown) => {
      const [row] = this.tables.cases.where((one) => one.caseId === shown.id && isOf(connection, one));
      return row ? this.take(row, shown, readAt, visibilityLagSeconds) : [];
    });
  }

  private take(row: CaseRow, shown: VendorCase, readAt: Date, lagSeconds: number): ListVerdict[] {
    const verdict = verdictOn(row, shown, new Date(readAt.getTime() - lagSeconds * 1000));
    const announced = this.tables.inboundEvents.where(
      (one) => one.teamId === row.teamId && one.orderId === row.orderId && one.receivedAt > row.confirmedAt,
    );
    if (verdict !== 'hint') {
      if (row.confirmedAt > readAt) return [];
      const shortId = shown.shortId ?? row.shortId;
      const taken = verdict === 'believed' ? withSnapshot(row, shown) : { ...row, shortId };
      this.tables.cases.set(`${row.teamId}/${row.orderId}`, { ...taken, confirmedAt: readAt });
    }
    return [{ orderId: row.orderId, verdict, unannounced: announced.length === 0 }];
  }

  private casesOf(connection: Pick<Connection, 'teamId' | 'id'>, fits: (row: CaseRow) => boolean): WatchedCase[] {
    return this.tables.cases
      .where((row) => row.teamId === connection.teamId && row.connectionId === connection.id && fits(row))
      .toSorted(before)
      .flatMap(({ orderId, caseId, orderedAt }) => (caseId === null ? [] : [{ orderId, caseId, orderedAt }]));
  }
}

function verdictOn(row: CaseRow, shown: VendorCase, believedBefore: Date): ListVerdict['verdict'] {
  const isWithoutScore = shown.state === 'complete' && shown.result === null;
  if (!differs(row, shown)) return 'same';
  if (row.state === 'complete' && isWithoutScore && row.result !== null) return 'same';
  return isOpen(row) && row.readAt <= believedBefore && !isWithoutScore ? 'believed' : 'hint';
}

const before = (one: Pick<WatchedCase, 'orderedAt' | 'orderId'>, other: typeof one): number =>
  one.orderedAt.getTime() - other.orderedAt.getTime() || one.orderId.localeCompare(other.orderId);
