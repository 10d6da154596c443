import { canonicalEmail } from '#kernel/email';
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
import { type IntegrationsTables, isProvedAbsent, type OrderRow } from './tables.js';

const inFlight: readonly OrderState[] = ['sending', 'in_doubt'];
const unfinished: readonly OrderState[] = ['requested', 'sending', 'in_doubt', 'needs_decision'];
const [busySeconds, busyReconciliationSeconds, toleranceMs] = [5, 60, 1_000];

/** Passes the suite of `VendorOrders`. Reads the table of moves, as the adapter does. Turns have no jitter. */
export class FakeVendorOrders extends VendorOrders {
  constructor(private readonly tables: IntegrationsTables) {
    super();
  }

  async addIfAbsent(
    order: { teamId: string; id: string; packageId: string; email: string; state?: 'withdrawn' },
    { id: connectionId, vendor, accountKey }: Connection,
  ): Promise<boolean> {
    await this.tables.lockOrder(order.teamId, order.id);
    if (this.tables.order(order.teamId, order.id)) return false;
    this.tables.addOrder({ state: 'requested', ...order, connectionId, vendor, accountKey });
    return true;
  }

  async find(teamId: string, id: string): Promise<VendorOrder | null> {
    return this.tables.order(teamId, id);
  }

  /** One statement: outside of a unit of work it is a transaction of its own, and holds its locks until it ends. */
  async claim(
    teamId: string,
    id: string,
    connection: Connection,
    limits: AttemptLimits,
    move: ClaimMove = 'claim',
  ): Promise<ClaimAnswer> {
    return this.tables.store.transaction(() => this.claimLocked(teamId, id, connection, limits, move));
  }

  private async claimLocked(
    teamId: string,
    id: string,
    connection: Connection,
    limits: AttemptLimits,
    move: ClaimMove,
  ): Promise<ClaimAnswer> {
    await this.tables.lockOrder(teamId, id);
    if (!this.tables.isRecorded) return { kind: 'restored' };
    const row = this.tables.order(teamId, id);
    if (!row || !this.mayMove(row, move)) return { kind: 'not_claimable' };
    const { id: connectionId, accountKey } = connection;
    await this.tables.store.lock(`address ${accountKey} ${canonicalEmail(row.email)}`);
    if (this.others(row, accountKey).length > 0) return { kind: 'address_busy' };
    const now = this.tables.clock.now();
    const deadline = this.tables.in(limits.timeoutMs / 1000);
    const visibleAt = new Date(deadline.getTime() + limits.visibilityLagSeconds * 1000);
    this.tables.saveOrder({
      ...{ ...row, connectionId, accountKey, deadline, visibleAt, state: orderMoves[move].to },
      ...{ attempt: row.attempt + 1, sendingSince: now, unknownSince: row.unknownSince ?? now },
      ...{ reconciliations: 0, reconcileAt: null, absences: 0, absentAt: null },
      ...{ waitingFor: null, message: null, dueAt: null, inLine: false },
    });
    return { kind: 'claimed', order: this.tables.order(teamId, id) ?? row };
  }

  async addressIsBusyFor(teamId: string, id: string, accountKey: string): Promise<number | null> {
    const row = this.tables.order(teamId, id);
    const [other] = row ? this.others(row, accountKey) : [];
    if (!other) return null;
    return Math.min(busyReconciliationSeconds, Math.max(busySeconds, this.tables.secondsUntil(other.reconcileAt)));
  }

  async move(
    teamId: string,
    id: string,
    move: Exclude<OrderMove, ClaimMove>,
    attempt: number | null,
    { message = null, waitingFor = null, caseId, candidates, reconcileAfterSeconds }: MoveDetails = {},
  ): Promise<boolean> {
    await this.tables.lockOrder(teamId, id);
    const row = this.tables.order(teamId, id);
    if (!row || !this.mayMove(row, move) || (attempt !== null && attempt !== row.attempt)) return false;
    const { to } = orderMoves[move];
    const reconcileAt = reconcileAfterSeconds === undefined ? null : this.tables.in(reconcileAfterSeconds);
    const dueAt = to === 'requested' ? this.tables.clock.now() : null;
    const given = { message, waitingFor, caseId: caseId ?? row.caseId, candidates: candidates ?? row.candidates };
    const also = alsoWrites(row, move, this.tables.clock.now());
    this.tables.saveOrder({ ...row, ...given, ...also, state: to, reconcileAt, dueAt, inLine: false });
    return true;
  }

  async isOverdue(teamId: string, id: string): Promise<boolean> {
    const row = this.tables.order(teamId, id);
    return row?.state === 'sending' && row.deadline !== null && row.deadline < this.tables.clock.now();
  }

  async visibleInSeconds(teamId: string, id: string): Promise<number> {
    return this.tables.secondsUntil(this.tables.order(teamId, id)?.visibleAt ?? null);
  }

  async setWaiting(teamId: string, id: string, waitingFor: WaitingFor | null): Promise<void> {
    await this.change(teamId, id, ['requested'], { waitingFor, inLine: false });
  }

  async markDoNotSend(teamId: string, id: string): Promise<void> {
    await this.change(teamId, id, unfinished, { doNotSend: true });
  }

  async markAllDoNotSend(teamId: string, vendor: string): Promise<void> {
    const ofVendor = (row: OrderRow) => row.teamId === teamId && row.vendor === vendor;
    for (const { id } of this.tables.orders.where((row) => ofVendor(row) && inFlight.includes(row.state)))
      await this.change(teamId, id, inFlight, { doNotSend: true });
  }

  async planTurn(teamId: string, id: string, { inSeconds, line }: Turn): Promise<number | null> {
    await this.tables.lockOrder(teamId, id);
    const row = this.tables.order(teamId, id);
    const now = this.tables.clock.now().getTime();
    if (row?.state !== 'requested' || (row.dueAt && row.dueAt.getTime() > now + toleranceMs)) return null;
    const ahead = line ? this.aheadOf(row, line.accountKey).map(({ dueAt }) => dueAt?.getTime() ?? 0) : [];
    const dueAt = Math.max(now + inSeconds * 1000, ...ahead.map((due) => due + (line?.gapSeconds ?? 0) * 1000));
    const accountKey = line?.accountKey ?? row.accountKey;
    this.tables.saveOrder({ ...row, dueAt: new Date(dueAt), inLine: line !== undefined, accountKey });
    return (dueAt - now) / 1000;
  }

  async isBehindOthers(teamId: string, id: string, accountKey: string): Promise<boolean> {
    const row = this.tables.order(teamId, id);
    if (!row || row.unknownSince) return false;
    return this.aheadOf(row, accountKey).some(({ dueAt }) => dueAt !== null && dueAt > this.tables.clock.now());
  }

  async requestedOf(teamId: string): Promise<VendorOrder[]> {
    const found = this.tables.orders.where((row) => row.teamId === teamId && row.state === 'requested');
    return found.toSorted((one, other) => one.nth - other.nth);
  }

  private async change(
    teamId: string,
    id: string,
    states: readonly OrderState[],
    changes: Partial<OrderRow>,
  ): Promise<void> {
    await this.tables.lockOrder(teamId, id);
    const row = this.tables.order(teamId, id);
    if (row && states.includes(row.state)) this.tables.saveOrder({ ...row, ...changes });
  }

  private mayMove(row: OrderRow, move: OrderMove): boolean {
    const { from, onlyIf = [] }: { from: readonly OrderState[]; onlyIf?: readonly OrderGuard[] } = orderMoves[move];
    const holds: Record<OrderGuard, boolean> = {
      wanted: !row.doNotSend,
      unwanted: row.doNotSend,
      proved_absent: isProvedAbsent(row),
      never_resent: !row.resent,
      visible: row.visibleAt !== null && row.visibleAt < this.tables.clock.now(),
    };
    return from.includes(row.state) && onlyIf.every((guard) => holds[guard]);
  }

  /** Orders of the account to the same address that are being sent, or whose outcome is unknown. */
  private others(mine: OrderRow, accountKey: string): OrderRow[] {
    const address = canonicalEmail(mine.email);
    return this.tables.orders.where(
      (row) =>
        row.accountKey === accountKey &&
        inFlight.includes(row.state) &&
        canonicalEmail(row.email) === address &&
        (row.teamId !== mine.teamId || row.id !== mine.id),
    );
  }

  private aheadOf(mine: OrderRow, accountKey: string): OrderRow[] {
    return this.tables.orders.where(
      (row) =>
        row.accountKey === accountKey &&
        row.state === 'requested' &&
        row.inLine &&
        row.unknownSince === null &&
        row.nth < mine.nth,
    );
  }
}

/** What a move writes besides the state and the caller's details. */
function alsoWrites(row: OrderRow, move: OrderMove, now: Date): Partial<OrderRow> {
  if (move === 'resend') return { resent: true, resentAt: now };
  if (move === 'sendAgain') return { refusedCases: [...row.refusedCases, ...row.candidates] };
  if (move !== 'returnToRequested') return {};
  const opened = row.unknownSince?.getTime() === row.sendingSince?.getTime();
  return { unknownSince: opened ? null : row.unknownSince };
}
