import type { Clock } from '#kernel/ports';
import type { LastSnapshot } from '../../../src/contexts/integrations/cases/domain/vendor-cases.js';
import type { VendorOrder } from '../../../src/contexts/integrations/orders/domain/vendor-order.js';
import { type FakeStore, FakeTable } from '../fake-store.js';

/** An order with what only the repositories read. */
export interface OrderRow extends VendorOrder {
  vendor: string;
  accountKey: string;
  /** The order in which the rows were added. */
  nth: number;
  createdAt: Date;
  updatedAt: Date;
  sendingSince: Date | null;
  dueAt: Date | null;
  inLine: boolean;
  absences: number;
  absentAt: Date | null;
  resentAt: Date | null;
  eraseWantedAt: Date | null;
  eraseDueAt: Date | null;
  erasedAt: Date | null;
}

export interface CaseRow extends LastSnapshot {
  /** The vendor's order time. */
  orderedAt: Date;
}

/** Which order has which case. */
export interface CaseLinkRow {
  host: string;
  caseId: string;
  teamId: string;
  orderId: string;
}

export interface UnmatchedCaseRow {
  teamId: string;
  connectionId: string;
  host: string;
  caseId: string;
  fingerprint: string;
  receivedAt: Date;
}

export interface ErasedCaseRow {
  teamId: string;
  connectionId: string;
  orderId: string;
  host: string;
  fingerprint: string;
}

export interface InboundEventRow {
  teamId: string;
  id: string;
  connectionId: string;
  orderId: string;
  caseId: string;
  eventId: string | null;
  eventType: string;
  digest: string | null;
  receivedAt: Date;
  /** When a webhook brought it; null: only the feed did. */
  announcedAt: Date | null;
  outcome: 'applied' | 'unchanged' | 'failed' | null;
  failure: string | null;
  /** The id under which a repetition came first. */
  repeatId: string | null;
  conflicts: number;
}

export interface DiscrepancyRow {
  kind: 'case_without_order' | 'order_without_case' | 'cancel_unconfirmed';
  teamId: string;
  connectionId: string;
  caseId: string;
  orderId: string | null;
  fingerprint: string | null;
  orderedAt: Date;
}

export interface ReportRow {
  teamId: string;
  orderId: string;
  reportId: string;
  requestedAt: Date;
}

/** What is known of a connection's webhook. */
export interface WebhookRow {
  workingSince: Date | null;
  refusedSince: Date | null;
  refused: number;
}

/** The tables that several repositories of integrations share, in memory. */
export class IntegrationsTables {
  readonly orders: FakeTable<OrderRow>;
  readonly cases: FakeTable<CaseRow>;
  readonly caseLinks: FakeTable<CaseLinkRow>;
  readonly unmatchedCases: FakeTable<UnmatchedCaseRow>;
  readonly erasedCases: FakeTable<ErasedCaseRow>;
  readonly inboundEvents: FakeTable<InboundEventRow>;
  readonly discrepancies: FakeTable<DiscrepancyRow>;
  readonly reports: FakeTable<ReportRow>;
  readonly webhooks: FakeTable<WebhookRow>;
  /** The last failed call of each connection. */
  readonly lastErrors: FakeTable<{ reason: string; message: string }>;
  /** Present: the database is not the recorded one. */
  private readonly restored: FakeTable<object>;
  private added = 0;

  constructor(
    readonly store: FakeStore,
    readonly clock: Clock,
  ) {
    this.orders = new FakeTable(store);
    this.cases = new FakeTable(store);
    this.caseLinks = new FakeTable(store);
    this.unmatchedCases = new FakeTable(store);
    this.erasedCases = new FakeTable(store);
    this.inboundEvents = new FakeTable(store);
    this.discrepancies = new FakeTable(store);
    this.reports = new FakeTable(store);
    this.lastErrors = new FakeTable(store);
    this.webhooks = new FakeTable(store);
    this.restored = new FakeTable(store);
  }

  /** Whether the database is the recorded one. */
  get isRecorded(): boolean {
    return this.restored.get('here') === null;
  }

  /** A backup was restored, or a standby took over. */
  restore(): void {
    this.restored.set('here', {});
  }

  record(): void {
    this.restored.delete('here');
  }

  order(teamId: string, id: string): OrderRow | null {
    return this.orders.get(`${teamId}/${id}`);
  }

  /** Adds an order that was never sent. */
  addOrder(
    given: Pick<OrderRow, 'teamId' | 'id' | 'vendor' | 'packageId' | 'email' | 'state' | 'connectionId' | 'accountKey'>,
    createdAt = this.clock.now(),
  ): void {
    const lists = { candidates: [], refusedCases: [] };
    this.saveOrder({ ...neverSent, ...given, ...lists, createdAt, dueAt: this.clock.now(), nth: (this.added += 1) });
  }

  saveOrder(row: Omit<OrderRow, 'updatedAt'>): void {
    this.orders.set(`${row.teamId}/${row.id}`, { ...row, updatedAt: this.clock.now() });
  }

  /** Waits for the row's lock. No order is written while somebody has all orders locked. */
  async lockOrder(teamId: string, id: string): Promise<void> {
    await this.store.lock('orders', 'shared');
    await this.store.lock(`order ${teamId}/${id}`);
  }

  lockAllOrders(): Promise<void> {
    return this.store.lock('orders');
  }

  /** Inbound events of a connection, oldest first. */
  eventsOf({ teamId, id }: { teamId: string; id: string }): InboundEventRow[] {
    const found = this.inboundEvents.where((row) => row.teamId === teamId && row.connectionId === id);
    return found.toSorted((one, other) => one.id.localeCompare(other.id));
  }

  secondsUntil(time: Date | null): number {
    return time ? Math.max(0, (time.getTime() - this.clock.now().getTime()) / 1000) : 0;
  }

  in(seconds: number): Date {
    return new Date(this.clock.now().getTime() + seconds * 1000);
  }
}

const neverSent = {
  ...{ attempt: 0, deadline: null, message: null, waitingFor: null, caseId: null, doNotSend: false },
  ...{ unknownSince: null, visibleAt: null, reconciliations: 0, resent: false, reconcileAt: null },
  ...{ sendingSince: null, inLine: false, absences: 0, absentAt: null, resentAt: null },
  ...{ eraseWantedAt: null, eraseDueAt: null, erasedAt: null },
} as const;

/** Two healthy lists did not show the order, the last of them after its visibility lag. */
export const isProvedAbsent = ({ absences, absentAt, visibleAt }: OrderRow): boolean =>
  absences >= 2 && absentAt !== null && visibleAt !== null && absentAt > visibleAt;

export const hostOf = (accountKey: string): string => accountKey.split('#', 1)[0] ?? '';
