import { canonicalEmail } from '#kernel/email';
import { clockSkewMs } from '../../../src/contexts/integrations/orders/domain/order-match.js';
import type { ErasedCases } from '../../../src/contexts/integrations/orders/domain/erased-cases.js';
import {
  type Reconciliation,
  type SentinelCase,
  UnknownOutcomes,
} from '../../../src/contexts/integrations/orders/domain/unknown-outcomes.js';
import type { OrderState, VendorOrder } from '../../../src/contexts/integrations/orders/domain/vendor-order.js';
import { hostOf, type IntegrationsTables, isProvedAbsent, type OrderRow } from './tables.js';

const undecided: readonly OrderState[] = ['sending', 'in_doubt', 'needs_decision'];
const hourMs = 3600 * 1000;

/** Passes the suite of `UnknownOutcomes`. */
export class FakeUnknownOutcomes extends UnknownOutcomes {
  constructor(
    private readonly tables: IntegrationsTables,
    private readonly erasedCases: ErasedCases,
  ) {
    super();
  }

  async takeDue(teamId: string, connectionId: string, waits: readonly number[]): Promise<Reconciliation> {
    const soon = this.tables.in((waits[0] ?? 0) / 10);
    const taken: VendorOrder[] = [];
    for (const { id } of this.unknown(teamId, connectionId)) {
      await this.tables.lockOrder(teamId, id);
      const row = this.tables.order(teamId, id);
      if (row?.state !== 'in_doubt' || !row.reconcileAt || row.reconcileAt > soon) continue;
      const next = waits[Math.min(row.reconciliations + 1, waits.length - 1)] ?? 0;
      const changes = { reconciliations: row.reconciliations + 1, reconcileAt: this.tables.in(next) };
      this.tables.saveOrder({ ...row, ...changes });
      taken.push({ ...row, ...changes });
    }
    return { at: this.tables.clock.now(), orders: taken };
  }

  async takeOne(teamId: string, orderId: string): Promise<Reconciliation> {
    const row = this.tables.order(teamId, orderId);
    return { at: this.tables.clock.now(), orders: row?.state === 'in_doubt' ? [row] : [] };
  }

  async ofConnection(teamId: string, connectionId: string): Promise<VendorOrder[]> {
    return this.unknown(teamId, connectionId);
  }

  async noteAbsence(order: VendorOrder, at: Date): Promise<{ proved: boolean } | null> {
    const row = await this.lockedAttempt(order);
    if (!row) return null;
    const noted = { ...row, absences: row.absences + 1, absentAt: at };
    this.tables.saveOrder(noted);
    return { proved: isProvedAbsent(noted) };
  }

  async resendAllowedInSeconds({ teamId, id }: VendorOrder, perHour: number): Promise<number> {
    const accountKey = this.tables.order(teamId, id)?.accountKey;
    await this.tables.store.lock(`resends ${accountKey}`);
    const resentAt = this.tables.orders
      .where((row) => row.accountKey === accountKey)
      .flatMap((row) => (row.resentAt ? [row.resentAt.getTime()] : []))
      .toSorted((one, other) => other - one);
    const inTheWay = resentAt[perHour - 1];
    return inTheWay === undefined ? 0 : this.tables.secondsUntil(new Date(inTheWay + hourMs));
  }

  async postponeResend(order: VendorOrder, inSeconds: number): Promise<void> {
    const row = await this.lockedAttempt(order);
    const changes = { waitingFor: 'resends_of_the_hour', reconciliations: 0 } as const;
    if (row) this.tables.saveOrder({ ...row, ...changes, reconcileAt: this.tables.in(inSeconds) });
  }

  async hasRival({ teamId, id, email, unknownSince, visibleAt }: VendorOrder): Promise<boolean> {
    const mine = this.tables.order(teamId, id);
    const [from, to] = [unknownSince?.getTime() ?? Number.NaN, visibleAt?.getTime() ?? Number.NaN];
    const rivals = this.tables.orders.where(
      (other) =>
        hostOf(other.accountKey) === hostOf(mine?.accountKey ?? '') &&
        canonicalEmail(other.email) === canonicalEmail(email) &&
        undecided.includes(other.state) &&
        (other.teamId !== teamId || other.id !== id) &&
        (other.unknownSince?.getTime() ?? Number.NaN) - clockSkewMs <= to &&
        (other.visibleAt?.getTime() ?? Number.NaN) >= from - clockSkewMs,
    );
    return rivals.length > 0;
  }

  async unlinked(host: string, caseIds: readonly string[]): Promise<string[]> {
    return this.erasedCases.without(
      host,
      caseIds.filter((caseId) => !this.tables.caseLinks.get(`${host}/${caseId}`)),
    );
  }

  async sentinelCase(teamId: string, connectionId: string): Promise<SentinelCase | null> {
    const shown = this.tables.orders
      .where((row) => row.teamId === teamId && row.connectionId === connectionId && row.state === 'ordered')
      .flatMap(({ caseId, unknownSince, visibleAt }) =>
        caseId !== null && unknownSince && visibleAt && visibleAt < this.tables.clock.now()
          ? [{ caseId, from: new Date(unknownSince.getTime() - clockSkewMs), to: visibleAt }]
          : [],
      );
    return shown.toSorted((one, other) => other.to.getTime() - one.to.getTime())[0] ?? null;
  }

  async unmatchedCases({ teamId, connectionId, unknownSince }: VendorOrder): Promise<string[]> {
    const since = (unknownSince?.getTime() ?? Number.NaN) - clockSkewMs;
    return this.tables.unmatchedCases
      .where((row) => row.teamId === teamId && row.connectionId === connectionId && row.receivedAt.getTime() >= since)
      .map(({ fingerprint }) => fingerprint);
  }

  private unknown(teamId: string, connectionId: string): OrderRow[] {
    const found = this.tables.orders.where(
      (row) => row.teamId === teamId && row.connectionId === connectionId && row.state === 'in_doubt',
    );
    return found.toSorted((one, other) => one.id.localeCompare(other.id));
  }

  /** The row while its outcome is unknown and no other attempt has begun. */
  private async lockedAttempt({ teamId, id, attempt }: VendorOrder): Promise<OrderRow | null> {
    await this.tables.lockOrder(teamId, id);
    const row = this.tables.order(teamId, id);
    return row?.state === 'in_doubt' && row.attempt === attempt ? row : null;
  }
}
