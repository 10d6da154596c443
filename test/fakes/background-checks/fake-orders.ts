import { Readable } from 'node:stream';
import { DomainError, unknownReference } from '#kernel/errors';
import type { Clock } from '#kernel/ports';
import type { CaseSnapshot, OrderStatus } from '../../../src/contexts/background-checks/domain/order-status.js';
import {
  type CancelAnswer,
  Orders,
  type Report,
  type Verdict,
} from '../../../src/contexts/background-checks/domain/ports.js';
import { type FakeStore, FakeTable } from '../fake-store.js';
import { keyOf } from './fake-checks.js';

const endedStates: readonly CaseSnapshot['state'][] = ['complete', 'cancelled', 'expired', 'declined', 'undeliverable'];
const decided: readonly OrderStatus['state'][] = ['placed', 'refused', 'withdrawn'];

const blankStatus = {
  message: null,
  connectionActionRequired: false,
  held: false,
  waitsToBeResent: false,
  candidates: [],
  caseId: null,
  environment: 'production',
  vendor: { id: 'certn', name: 'Certn' },
  portalUrl: 'https://vendor.example.org/ca',
} as const;

export interface FakeOrder {
  status: OrderStatus;
  /** An attempt is running: the order can no longer be withdrawn, although it shows as waiting. */
  beingSent: boolean;
  doNotSend: boolean;
  /** The case as last read here, and as it is at the vendor. */
  snapshot: CaseSnapshot | null;
  atVendor: Partial<CaseSnapshot>;
  erasureRequested: boolean;
  uncancelled: boolean;
}

type Key = { teamId: string; id: string };

/** The orders of integrations, and the vendor behind them. Passes the suite of `Orders`. */
export class FakeOrders extends Orders {
  private readonly rows: FakeTable<FakeOrder>;
  /** Applied to the next calls to the vendor, one each; afterwards the vendor accepts. */
  readonly nextCancelAnswers: (CancelAnswer | Error)[] = [];
  /** Thrown by the next call of `decide`, `readAgain` or `openReport`. */
  readonly nextFailures: Error[] = [];
  /** How often the vendor was asked to cancel. */
  cancelsAsked = 0;
  /** Reports that were opened. */
  readonly reports: Readable[] = [];

  constructor(
    private readonly store: FakeStore,
    private readonly clock: Clock,
  ) {
    super();
    this.rows = new FakeTable(store);
  }

  async status(teamId: string, id: string): Promise<OrderStatus | null> {
    return this.of({ teamId, id })?.status ?? null;
  }

  async lastSnapshot(teamId: string, id: string): Promise<CaseSnapshot | null> {
    return this.of({ teamId, id })?.snapshot ?? null;
  }

  async withdraw(teamId: string, id: string): Promise<boolean> {
    await this.store.lock(`order ${keyOf({ teamId, id })}`);
    const order = this.of({ teamId, id });
    if (!order || (order.status.state === 'waiting' && !order.beingSent)) {
      this.put({ teamId, id }, { state: 'withdrawn' });
      return true;
    }
    this.rows.set(keyOf({ teamId, id }), { ...order, doNotSend: true });
    return order.status.state === 'withdrawn';
  }

  async erase(teamId: string, id: string): Promise<void> {
    this.change({ teamId, id }, { erasureRequested: true });
  }

  async eraseEnded(teamId: string, id: string): Promise<boolean> {
    const order = this.of({ teamId, id });
    if (!order || !decided.includes(order.status.state)) return false;
    if (order.snapshot && !endedStates.includes(order.snapshot.state)) return false;
    const status = { ...order.status, message: null, caseId: null, candidates: [] };
    this.change({ teamId, id }, { status, snapshot: null, erasureRequested: true });
    return true;
  }

  async eraseSnapshot(teamId: string, id: string): Promise<void> {
    if (this.of({ teamId, id })?.snapshot?.caseId === null) this.change({ teamId, id }, { snapshot: null });
  }

  async cancelCase(teamId: string, id: string): Promise<CancelAnswer> {
    this.mustBeOutside();
    const order = this.of({ teamId, id });
    if (!order?.snapshot) return { kind: 'no_answer' };
    this.cancelsAsked += 1;
    const answer = this.nextCancelAnswers.shift() ?? this.vendorsAnswer({ teamId, id }, order);
    if (answer instanceof Error) throw answer;
    return answer;
  }

  async reportUncancelled(teamId: string, id: string): Promise<void> {
    this.change({ teamId, id }, { uncancelled: true });
  }

  async decide(teamId: string, id: string, verdict: Verdict): Promise<void> {
    this.mustBeOutside();
    this.failIfScripted();
    const order = this.of({ teamId, id });
    if (order?.status.state !== 'needs_decision')
      throw new DomainError('conflict', 'nothing_to_decide', 'There is nothing to decide.');
    if ('caseId' in verdict) {
      if (!order.status.candidates.includes(verdict.caseId)) throw unknownReference('case_id');
      this.put({ teamId, id }, { state: 'placed', caseId: verdict.caseId });
    } else this.put({ teamId, id }, { state: order.doNotSend ? 'withdrawn' : 'waiting' });
  }

  async readAgain(teamId: string, id: string): Promise<void> {
    this.mustBeOutside();
    this.failIfScripted();
    const order = this.of({ teamId, id });
    if (order?.snapshot) this.show({ teamId, id }, order.atVendor);
  }

  async openReport(teamId: string, id: string): Promise<Report> {
    this.mustBeOutside();
    this.failIfScripted();
    if (!this.of({ teamId, id })?.snapshot)
      throw new DomainError('unavailable', 'results_not_ready', 'The report is still being prepared.');
    const content = Buffer.from('%PDF-1.7');
    const stream = Readable.from([content]);
    this.reports.push(stream);
    return { stream, length: content.length };
  }

  /** The order as it is stored. */
  of(key: Key): FakeOrder | null {
    return this.rows.get(keyOf(key));
  }

  /** Adds or moves an order. */
  put(key: Key, status: Partial<OrderStatus> & Pick<OrderStatus, 'state'>, more: Partial<FakeOrder> = {}): void {
    const known = this.of(key);
    const fresh = { beingSent: false, doNotSend: false, snapshot: null, atVendor: {}, erasureRequested: false };
    this.rows.set(keyOf(key), {
      uncancelled: false,
      ...fresh,
      ...known,
      status: { ...blankStatus, ...status },
      ...more,
    });
  }

  /** What the vendor shows from now on. It is read by `readAgain`, or at once with `show`. */
  vendorShows(key: Key, atVendor: Partial<CaseSnapshot>): void {
    this.change(key, { atVendor: { ...this.of(key)?.atVendor, ...atVendor } });
  }

  /** The vendor's case was read: the order has a snapshot, one revision newer when anything differs. */
  show(key: Key, shown: Partial<CaseSnapshot>): CaseSnapshot {
    const order = this.of(key);
    if (!order?.status.caseId) throw new Error('Only a placed order has a case.');
    const { environment, portalUrl, caseId } = order.status;
    const initial = { shortId: null, state: 'ordered', result: null, vendorStatus: 'WORD', vendorScore: null } as const;
    const before = order.snapshot ?? {
      ...initial,
      caseId,
      environment,
      portalUrl,
      revision: 0,
      confirmedAt: this.clock.now(),
    };
    const differs =
      !order.snapshot || Object.entries(shown).some(([name, value]) => Reflect.get(before, name) !== value);
    const revision = before.revision + (differs ? 1 : 0);
    const snapshot = { ...before, ...shown, revision, confirmedAt: this.clock.now() };
    this.change(key, { snapshot, atVendor: { ...order.atVendor, ...shown } });
    return snapshot;
  }

  private change(key: Key, changes: Partial<FakeOrder>): void {
    const order = this.of(key);
    if (order) this.rows.set(keyOf(key), { ...order, ...changes });
  }

  private vendorsAnswer(key: Key, { atVendor }: FakeOrder): CancelAnswer {
    if (atVendor.state && endedStates.includes(atVendor.state))
      return { kind: 'refused', message: 'This case can no longer be cancelled.' };
    this.vendorShows(key, { state: 'cancelled' });
    return { kind: 'accepted' };
  }

  /** The port's rule: no call to the vendor in a transaction. */
  private mustBeOutside(): void {
    if (this.store.isInTransaction) throw new Error('The vendor is not called inside a unit of work.');
  }

  private failIfScripted(): void {
    const failure = this.nextFailures.shift();
    if (failure) throw failure;
  }
}
