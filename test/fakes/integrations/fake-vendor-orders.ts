import { canonicalEmail } from '#kernel/email';
import type { Clock } from '#kernel/ports';
import type { Connection } from '../../../src/contexts/integrations/connections/domain/connection.js';
import {
  type OrderGuard,
  type OrderMove,
  orderMoves,
  type OrderState,
  type VendorOrder,
  type WaitingFor,
} from '../../../src/contexts/integrations/orders/domain/vendor-order.js';
import {
  type AttemptLimits,
  type ClaimAnswer,
  type ClaimMove,
  type MoveDetails,
  type Turn,
  VendorOrders,
} from '../../../src/contexts/integrations/orders/domain/vendor-orders.js';
import { type FakeStore, FakeTable } from '../fake-store.js';

interface Row extends VendorOrder {
  accountKey: string;
  nth: number;
  sendingSince: Date | null;
  dueAt: Date | null;
  inLine: boolean;
  provedAbsent: boolean;
}

const inFlight: readonly OrderState[] = ['sending', 'in_doubt'];
const unfinished: readonly OrderState[] = ['requested', 'sending', 'in_doubt', 'needs_decision'];
const [busySeconds, busyReconciliationSeconds, toleranceMs] = [5, 60, 1_000];

const fresh = {
  ...{
    attempt: 0,
    deadline: null,
    message: null,
    waitingFor: null,
    caseId: null,
    doNotSend: false,
    unknownSince: null,
  },
  ...{ visibleAt: null, reconciliations: 0, resent: false, reconcileAt: null, sendingSince: null, provedAbsent: false },
} as const;

/** Passes the suite of `VendorOrders`. Reads the table of moves, as the adapter does. Turns have no jitter. */
export class FakeVendorOrders extends VendorOrders {
  private readonly rows: FakeTable<Row>;
  private added = 0;
  /** The database is the recorded one. */
  recorded = true;

  constructor(
    private readonly store: FakeStore,
    private readonly clock: Clock,
  ) {
    super();
    this.rows = new FakeTable(store);
  }

  async addIfAbsent(
    order: { teamId: string; id: string; packageId: string; email: string; state?: 'withdrawn' },
    { id: connectionId, accountKey }: Connection,
  ): Promise<boolean> {
    const { teamId, id, packageId, email, state = 'requested' } = order;
    await this.lock(teamId, id);
    if (this.row(teamId, id)) return false;
    const place = { connectionId, accountKey, nth: (this.added += 1), dueAt: this.clock.now(), inLine: false };
    this.write({ ...fresh, teamId, id, packageId, email, state, ...place, candidates: [], refusedCases: [] });
    return true;
  }

  async find(teamId: string, id: string): Promise<VendorOrder | null> {
    return this.row(teamId, id);
  }

  /** One statement: outside of a unit of work it is a transaction of its own, and holds its locks until it ends. */
  async claim(
    teamId: string,
    id: string,
    connection: Connection,
    limits: AttemptLimits,
    move: ClaimMove = 'claim',
  ): Promise<ClaimAnswer> {
    return this.store.transaction(() => this.claimLocked(teamId, id, connection, limits, move));
  }

  private async claimLocked(
    teamId: string,
    id: string,
    connection: Connection,
    limits: AttemptLimits,
    move: ClaimMove,
  ): Promise<ClaimAnswer> {
    await this.lock(teamId, id);
    if (!this.recorded) return { kind: 'restored' };
    const row = this.row(teamId, id);
    if (!row || !this.mayMove(row, move)) return { kind: 'not_claimable' };
    const { id: connectionId, accountKey } = connection;
    await this.store.lock(`address ${accountKey} ${canonicalEmail(row.email)}`);
    if (this.others(row, accountKey).length > 0) return { kind: 'address_busy' };
    const now = this.clock.now();
    const deadline = new Date(now.getTime() + limits.timeoutMs);
    const visibleAt = new Date(deadline.getTime() + limits.visibilityLagSeconds * 1000);
    const times = { sendingSince: now, deadline, visibleAt, unknownSince: row.unknownSince ?? now };
    const reset = { reconciliations: 0, reconcileAt: null, provedAbsent: false, waitingFor: null, message: null };
    const claimed = {
      connectionId,
      accountKey,
      attempt: row.attempt + 1,
      ...times,
      ...reset,
      dueAt: null,
      inLine: false,
    };
    this.write({ ...row, ...claimed, state: orderMoves[move].to });
    return { kind: 'claimed', order: this.row(teamId, id) ?? row };
  }

  async addressIsBusyFor(teamId: string, id: string, accountKey: string): Promise<number | null> {
    const row = this.row(teamId, id);
    const [other] = row ? this.others(row, accountKey) : [];
    if (!other) return null;
    return Math.min(busyReconciliationSeconds, Math.max(busySeconds, this.secondsUntil(other.reconcileAt)));
  }

  async move(
    teamId: string,
    id: string,
    move: Exclude<OrderMove, ClaimMove>,
    attempt: number | null,
    { message = null, waitingFor = null, caseId, candidates, reconcileAfterSeconds }: MoveDetails = {},
  ): Promise<boolean> {
    await this.lock(teamId, id);
    const row = this.row(teamId, id);
    if (!row || !this.mayMove(row, move) || (attempt !== null && attempt !== row.attempt)) return false;
    const { to } = orderMoves[move];
    const now = this.clock.now().getTime();
    const reconcileAt = reconcileAfterSeconds === undefined ? null : new Date(now + reconcileAfterSeconds * 1000);
    const dueAt = to === 'requested' ? this.clock.now() : null;
    const given = { message, waitingFor, caseId: caseId ?? row.caseId, candidates: candidates ?? row.candidates };
    this.write({ ...row, ...given, ...alsoWrites(row, move), state: to, reconcileAt, dueAt, inLine: false });
    return true;
  }

  async isOverdue(teamId: string, id: string): Promise<boolean> {
    const row = this.row(teamId, id);
    return row?.state === 'sending' && row.deadline !== null && row.deadline < this.clock.now();
  }

  async visibleInSeconds(teamId: string, id: string): Promise<number> {
    return this.secondsUntil(this.row(teamId, id)?.visibleAt ?? null);
  }

  async setWaiting(teamId: string, id: string, waitingFor: WaitingFor | null): Promise<void> {
    await this.change(teamId, id, ['requested'], { waitingFor, inLine: false });
  }

  async markDoNotSend(teamId: string, id: string): Promise<void> {
    await this.change(teamId, id, unfinished, { doNotSend: true });
  }

  async markAllDoNotSend(teamId: string): Promise<void> {
    for (const { id } of this.rows.where((row) => row.teamId === teamId && inFlight.includes(row.state)))
      await this.change(teamId, id, inFlight, { doNotSend: true });
  }

  async planTurn(teamId: string, id: string, { inSeconds, line }: Turn): Promise<number | null> {
    await this.lock(teamId, id);
    const row = this.row(teamId, id);
    const now = this.clock.now().getTime();
    if (row?.state !== 'requested' || (row.dueAt && row.dueAt.getTime() > now + toleranceMs)) return null;
    const ahead = line ? this.aheadOf(row, line.accountKey).map(({ dueAt }) => dueAt?.getTime() ?? 0) : [];
    const dueAt = Math.max(now + inSeconds * 1000, ...ahead.map((due) => due + (line?.gapSeconds ?? 0) * 1000));
    const accountKey = line?.accountKey ?? row.accountKey;
    this.write({ ...row, dueAt: new Date(dueAt), inLine: line !== undefined, accountKey });
    return (dueAt - now) / 1000;
  }

  async isBehindOthers(teamId: string, id: string, accountKey: string): Promise<boolean> {
    const row = this.row(teamId, id);
    if (!row || row.unknownSince) return false;
    return this.aheadOf(row, accountKey).some(({ dueAt }) => dueAt !== null && dueAt > this.clock.now());
  }

  async requestedOf(teamId: string): Promise<VendorOrder[]> {
    const found = this.rows.where((row) => row.teamId === teamId && row.state === 'requested');
    return found.toSorted((one, other) => one.nth - other.nth);
  }

  /** Enough healthy lists did not show the order. */
  proveAbsent(teamId: string, id: string): void {
    const row = this.row(teamId, id);
    if (row) this.write({ ...row, provedAbsent: true });
  }

  private row(teamId: string, id: string): Row | null {
    return this.rows.get(`${teamId}/${id}`);
  }

  private write(row: Row): void {
    this.rows.set(`${row.teamId}/${row.id}`, row);
  }

  private lock(teamId: string, id: string): Promise<void> {
    return this.store.lock(`order ${teamId}/${id}`);
  }

  private async change(
    teamId: string,
    id: string,
    states: readonly OrderState[],
    changes: Partial<Row>,
  ): Promise<void> {
    await this.lock(teamId, id);
    const row = this.row(teamId, id);
    if (row && states.includes(row.state)) this.write({ ...row, ...changes });
  }

  private mayMove(row: Row, move: OrderMove): boolean {
    const { from, onlyIf = [] }: { from: readonly OrderState[]; onlyIf?: readonly OrderGuard[] } = orderMoves[move];
    const holds: Record<OrderGuard, boolean> = {
      wanted: !row.doNotSend,
      unwanted: row.doNotSend,
      proved_absent: row.provedAbsent,
      never_resent: !row.resent,
      visible: row.visibleAt !== null && row.visibleAt < this.clock.now(),
    };
    return from.includes(row.state) && onlyIf.every((guard) => holds[guard]);
  }

  /** Orders of the account to the same address that are being sent, or whose outcome is unknown. */
  private others(mine: Row, accountKey: string): Row[] {
    const address = canonicalEmail(mine.email);
    return this.rows.where(
      (row) =>
        row.accountKey === accountKey &&
        inFlight.includes(row.state) &&
        canonicalEmail(row.email) === address &&
        (row.teamId !== mine.teamId || row.id !== mine.id),
    );
  }

  private aheadOf(mine: Row, accountKey: string): Row[] {
    return this.rows.where(
      (row) =>
        row.accountKey === accountKey &&
        row.state === 'requested' &&
        row.inLine &&
        row.unknownSince === null &&
        row.nth < mine.nth,
    );
  }

  private secondsUntil(time: Date | null): number {
    return time ? Math.max(0, (time.getTime() - this.clock.now().getTime()) / 1000) : 0;
  }
}

/** What a move writes besides the state and the caller's details. */
function alsoWrites(row: Row, move: OrderMove): Partial<Row> {
  if (move === 'resend') return { resent: true };
  if (move === 'sendAgain') return { refusedCases: [...row.refusedCases, ...row.candidates] };
  if (move !== 'returnToRequested') return {};
  const opened = row.unknownSince?.getTime() === row.sendingSince?.getTime();
  return { unknownSince: opened ? null : row.unknownSince };
}
