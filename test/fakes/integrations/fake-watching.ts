import { canonicalEmail } from '#kernel/email';
import type { Fingerprints } from '#kernel/ports';
import { Discrepancies } from '../../../src/contexts/integrations/cases/domain/discrepancies.js';
import { type FeedEvent, FeedEvents } from '../../../src/contexts/integrations/cases/domain/feed-events.js';
import { MissedWebhooks } from '../../../src/contexts/integrations/cases/domain/missed-webhooks.js';
import { Reports } from '../../../src/contexts/integrations/cases/domain/vendor-cases.js';
import type { Connection } from '../../../src/contexts/integrations/connections/domain/connection.js';
import { endedStates, type VendorCase } from '../../../src/contexts/integrations/gateway/domain/vendor-terms.js';
import type { ErasedCases } from '../../../src/contexts/integrations/orders/domain/erased-cases.js';
import { clockSkewMs } from '../../../src/contexts/integrations/orders/domain/order-match.js';
import { FakeTable } from '../fake-store.js';
import { type DiscrepancyRow, hostOf, type IntegrationsTables, type OrderRow } from './tables.js';

type Key = Pick<Connection, 'teamId' | 'id'>;

/** Passes the suite of `Reports`. */
export class FakeReports extends Reports {
  constructor(private readonly tables: IntegrationsTables) {
    super();
  }

  async recent(teamId: string, orderId: string): Promise<string | null> {
    const row = this.tables.reports.get(`${teamId}/${orderId}`);
    return row && row.requestedAt > this.tables.in(-600) ? row.reportId : null;
  }

  async remember(teamId: string, orderId: string, reportId: string): Promise<void> {
    const requestedAt = this.tables.clock.now();
    this.tables.reports.set(`${teamId}/${orderId}`, { teamId, orderId, reportId, requestedAt });
  }

  async forget(teamId: string, orderId: string): Promise<void> {
    this.tables.reports.delete(`${teamId}/${orderId}`);
  }
}

/** Passes the suite of `FeedEvents`. */
export class FakeFeedEvents extends FeedEvents {
  constructor(private readonly tables: IntegrationsTables) {
    super();
  }

  async newestEventOf(connection: Connection): Promise<string | null> {
    return this.tables.eventsOf(connection).findLast(({ eventId }) => eventId !== null)?.eventId ?? null;
  }

  async store(connection: Connection, events: FeedEvent[]): Promise<{ orderId: string; ended: boolean }[]> {
    const { teamId, id: connectionId } = connection;
    const taken = new Map<string, boolean>();
    for (const { id, eventId, eventType, caseId } of events) {
      const [found] = this.tables.cases.where((row) => row.caseId === caseId && row.connectionId === connectionId);
      if (!found || this.tables.eventsOf(connection).some((row) => row.eventId === eventId)) continue;
      const named = { teamId, id, connectionId, orderId: found.orderId, caseId, eventId, eventType, digest: null };
      const nothing = { announcedAt: null, outcome: null, failure: null, repeatId: null, conflicts: 0 };
      this.tables.inboundEvents.set(id, { ...named, ...nothing, receivedAt: this.tables.clock.now() });
      taken.set(found.orderId, endedStates.includes(found.state));
    }
    return [...taken].map(([orderId, ended]) => ({ orderId, ended }));
  }

  async isWaitingForACase({ teamId, id }: Connection): Promise<boolean> {
    return this.tables.orders
      .where((row) => row.teamId === teamId && row.connectionId === id)
      .some(({ state }) => state === 'sending' || state === 'in_doubt');
  }

  async unknownAmong({ host }: Connection, events: FeedEvent[]): Promise<string[]> {
    const named = [...new Set(events.map(({ caseId }) => caseId))];
    return named.filter((caseId) => !this.tables.caseLinks.get(`${host}/${caseId}`));
  }
}

interface MissedRow {
  missed: number;
  firstMissedAt: Date;
  reportedAt: Date | null;
}

/** Changes that no webhook announced, before it is an alarm. */
const mostMissed = 3;

/** Passes the suite of `MissedWebhooks`. */
export class FakeMissedWebhooks extends MissedWebhooks {
  private readonly rows: FakeTable<MissedRow>;

  constructor(private readonly tables: IntegrationsTables) {
    super();
    this.rows = new FakeTable(tables.store);
  }

  async missed({ teamId, id }: Key, changes: number): Promise<void> {
    const now = this.tables.clock.now();
    const row = this.rows.get(`${teamId}/${id}`);
    const goesOn = row && !(this.lastAnnounced({ teamId, id }) > row.firstMissedAt.getTime());
    const next = goesOn
      ? { ...row, missed: row.missed + changes }
      : { missed: changes, firstMissedAt: now, reportedAt: null };
    this.rows.set(`${teamId}/${id}`, next);
  }

  async alarm({ teamId, id }: Connection): Promise<Date | null> {
    const since = this.missingSince({ teamId, id });
    const row = this.rows.get(`${teamId}/${id}`);
    if (!since || (row?.reportedAt && row.reportedAt >= since)) return null;
    const first = row ?? { missed: 0, firstMissedAt: since };
    this.rows.set(`${teamId}/${id}`, { ...first, reportedAt: this.tables.clock.now() });
    return since;
  }

  private missingSince(connection: Key): Date | null {
    const announcedAt = this.lastAnnounced(connection);
    const late = this.tables.in(-600);
    const fed = this.tables
      .eventsOf(connection)
      .filter((row) => row.announcedAt === null && row.receivedAt.getTime() > announcedAt && row.receivedAt < late)
      .slice(0, mostMissed);
    const row = this.rows.get(`${connection.teamId}/${connection.id}`);
    const swept = row && row.firstMissedAt.getTime() > announcedAt ? row : null;
    if (fed.length + (swept?.missed ?? 0) < mostMissed) return null;
    const times = [...fed.map(({ receivedAt }) => receivedAt), ...(swept ? [swept.firstMissedAt] : [])];
    return new Date(Math.min(...times.map((time) => time.getTime())));
  }

  private lastAnnounced(connection: Key): number {
    const announced = this.tables.eventsOf(connection).flatMap((row) => (row.announcedAt ? [row.announcedAt] : []));
    return Math.max(-Infinity, ...announced.slice(-20).map((time) => time.getTime()));
  }
}

/** Passes the suite of `Discrepancies`. */
export class FakeDiscrepancies extends Discrepancies {
  constructor(
    private readonly tables: IntegrationsTables,
    private readonly fingerprints: Fingerprints,
    private readonly erasedCases: ErasedCases,
    private readonly visibilityLagSeconds = 900,
  ) {
    super();
  }

  async reconcileCases(connection: Connection, from: Date, to: Date, listed: VendorCase[]): Promise<void> {
    const { teamId, id: connectionId } = connection;
    const extra = await this.withoutOrder(connection, listed);
    this.tables.discrepancies.deleteWhere(
      (row) =>
        row.teamId === teamId &&
        row.connectionId === connectionId &&
        row.kind === 'case_without_order' &&
        row.orderedAt >= from &&
        row.orderedAt < to &&
        extra.every(({ id }) => id !== row.caseId),
    );
    for (const { id: caseId, createdAt } of extra)
      this.add({
        ...{ kind: 'case_without_order', teamId, connectionId, caseId, orderId: null },
        ...{ fingerprint: this.fingerprints.of(caseId), orderedAt: createdAt ?? from },
      });
  }

  async caseIsGone(teamId: string, orderId: string): Promise<void> {
    this.note('order_without_case', teamId, orderId);
  }

  async caseIsUncancelled(teamId: string, orderId: string): Promise<void> {
    this.note('cancel_unconfirmed', teamId, orderId);
  }

  async caseIsThere(teamId: string, orderIds: string[]): Promise<void> {
    this.tables.discrepancies.deleteWhere((row) => isGone(row, teamId) && orderIds.includes(row.orderId ?? ''));
  }

  async goneAmong(teamId: string, orderIds: string[]): Promise<Set<string>> {
    const gone = this.tables.discrepancies.where((row) => isGone(row, teamId));
    return new Set(gone.flatMap(({ orderId }) => (orderId !== null && orderIds.includes(orderId) ? [orderId] : [])));
  }

  private note(kind: DiscrepancyRow['kind'], teamId: string, orderId: string): void {
    const row = this.tables.cases.get(`${teamId}/${orderId}`);
    if (!row || row.caseId === null) return;
    const { connectionId, caseId, orderedAt } = row;
    this.add({ kind, teamId, connectionId, caseId, orderId, fingerprint: null, orderedAt });
  }

  private add(row: DiscrepancyRow): void {
    const key = `${row.teamId}/${row.connectionId}/${row.kind}/${row.caseId}`;
    if (!this.tables.discrepancies.get(key)) this.tables.discrepancies.set(key, row);
  }

  private async withoutOrder({ host, createdAt }: Connection, listed: VendorCase[]): Promise<VendorCase[]> {
    const visibleBefore = this.tables.in(-this.visibilityLagSeconds);
    const undecided = this.tables.orders.where(
      ({ accountKey, state }) =>
        hostOf(accountKey) === host && ['sending', 'in_doubt', 'needs_decision'].includes(state),
    );
    const extra = listed.filter(
      (found) =>
        found.createdAt !== null &&
        found.createdAt < visibleBefore &&
        found.createdAt >= createdAt &&
        !this.tables.caseLinks.get(`${host}/${found.id}`) &&
        !undecided.some((order) => mayHaveOpened(order, found)),
    );
    const known = await this.erasedCases.without(
      host,
      extra.map(({ id }) => id),
    );
    return extra.filter(({ id }) => known.includes(id));
  }
}

const isGone = (row: DiscrepancyRow, teamId: string): boolean =>
  row.teamId === teamId && row.kind === 'order_without_case';

function mayHaveOpened(order: OrderRow, { id, email, packageId, createdAt }: VendorCase): boolean {
  const from = (order.unknownSince?.getTime() ?? Number.NaN) - clockSkewMs;
  const at = createdAt?.getTime() ?? Number.NaN;
  return (
    (email === null || canonicalEmail(email) === canonicalEmail(order.email)) &&
    (packageId === null || packageId.toLowerCase() === order.packageId.toLowerCase()) &&
    at >= from &&
    at <= (order.visibleAt?.getTime() ?? Number.NaN) &&
    !order.refusedCases.includes(id)
  );
}
