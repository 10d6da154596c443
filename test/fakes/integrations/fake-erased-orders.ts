import type { Fingerprints } from '#kernel/ports';
import { endedStates } from '../../../src/contexts/integrations/gateway/domain/vendor-terms.js';
import { ErasedOrders, secondPassSeconds } from '../../../src/contexts/integrations/orders/domain/erased-orders.js';
import { hostOf, type IntegrationsTables, type OrderRow } from './tables.js';

const isDecided = ({ state }: OrderRow): boolean => ['ordered', 'rejected', 'withdrawn'].includes(state);

/** Passes the suite of `ErasedOrders`. */
export class FakeErasedOrders extends ErasedOrders {
  constructor(
    private readonly tables: IntegrationsTables,
    private readonly fingerprints: Fingerprints,
  ) {
    super();
  }

  async requestErasure(teamId: string, orderId: string): Promise<boolean> {
    const now = this.tables.clock.now();
    return this.change(teamId, orderId, (row) => ({
      eraseWantedAt: row.eraseWantedAt ?? now,
      eraseDueAt: now,
      doNotSend: row.doNotSend || !isDecided(row),
    }));
  }

  async erasureRequestedForSeconds(teamId: string, orderId: string): Promise<number | null> {
    const wantedAt = this.tables.order(teamId, orderId)?.eraseWantedAt;
    return wantedAt ? (this.tables.clock.now().getTime() - wantedAt.getTime()) / 1000 : null;
  }

  async erasePerson(teamId: string, orderId: string): Promise<void> {
    await this.change(teamId, orderId, (row) => (isDecided(row) ? { email: '', message: null } : null));
  }

  async eraseCase(teamId: string, orderId: string): Promise<boolean> {
    await this.tables.lockOrder(teamId, orderId);
    const order = this.tables.order(teamId, orderId);
    if (!order) return false;
    const caseIds = this.ownCases(order);
    for (const caseId of caseIds) this.remember(order, caseId);
    this.eraseLastError(order);
    this.eraseIdentifyingFields(order, caseIds);
    const key = `${teamId}/${orderId}`;
    const opened = this.tables.cases.get(key);
    if (opened) this.tables.cases.set(key, { ...opened, caseId: null, shortId: null });
    const { erasedAt } = order;
    this.tables.saveOrder({
      ...{ ...order, email: '', message: null, caseId: null, candidates: [], refusedCases: [] },
      eraseDueAt: erasedAt ? null : this.tables.in(secondPassSeconds),
      erasedAt: erasedAt ?? this.tables.clock.now(),
    });
    return erasedAt === null;
  }

  async planTry(teamId: string, orderId: string, inSeconds: number): Promise<boolean> {
    const soon = this.tables.in(1);
    return this.change(teamId, orderId, ({ eraseDueAt }) =>
      eraseDueAt && eraseDueAt > soon ? null : { eraseDueAt: this.tables.in(inSeconds) },
    );
  }

  async hasEnded(teamId: string, orderId: string): Promise<boolean> {
    await this.tables.lockOrder(teamId, orderId);
    const [order, opened] = [this.tables.order(teamId, orderId), this.tables.cases.get(`${teamId}/${orderId}`)];
    return order !== null && isDecided(order) && (opened === null || endedStates.includes(opened.state));
  }

  async eraseSnapshot(teamId: string, orderId: string): Promise<void> {
    const key = `${teamId}/${orderId}`;
    if (this.tables.cases.get(key)?.caseId === null) this.tables.cases.delete(key);
  }

  private async change(
    teamId: string,
    orderId: string,
    to: (row: OrderRow) => Partial<OrderRow> | null,
  ): Promise<boolean> {
    await this.tables.lockOrder(teamId, orderId);
    const row = this.tables.order(teamId, orderId);
    const changes = row && to(row);
    if (!row || !changes) return false;
    this.tables.saveOrder({ ...row, ...changes });
    return true;
  }

  /** The order's case, and cases that may have been its own and belong to no other order. */
  private ownCases({ teamId, id, accountKey, caseId, candidates, refusedCases }: OrderRow): string[] {
    const named = new Set([...(caseId === null ? [] : [caseId]), ...candidates, ...refusedCases]);
    const host = hostOf(accountKey);
    const others = this.tables.caseLinks.where(
      (row) => row.host === host && (row.teamId !== teamId || row.orderId !== id),
    );
    return [...named].filter((one) => others.every((other) => other.caseId !== one));
  }

  private remember({ teamId, connectionId, id: orderId, accountKey }: OrderRow, caseId: string): void {
    const fingerprint = this.fingerprints.of(caseId);
    const key = `${teamId}/${connectionId}/${fingerprint}`;
    if (!this.tables.erasedCases.get(key))
      this.tables.erasedCases.set(key, { teamId, connectionId, orderId, fingerprint, host: hostOf(accountKey) });
  }

  private eraseLastError({ teamId, connectionId, caseId }: OrderRow): void {
    const key = `${teamId}/${connectionId}`;
    if (caseId !== null && this.tables.lastErrors.get(key)?.message.includes(caseId))
      this.tables.lastErrors.delete(key);
  }

  private eraseIdentifyingFields({ teamId, id, connectionId, accountKey }: OrderRow, caseIds: string[]): void {
    const known = this.tables.erasedCases.where((row) => row.teamId === teamId && row.orderId === id);
    const fingerprints = known.map(({ fingerprint }) => fingerprint);
    const isOfOrder = (row: { teamId: string; orderId: string | null }): boolean =>
      row.teamId === teamId && row.orderId === id;
    const isOfCase = (row: { caseId: string; fingerprint: string | null }): boolean =>
      caseIds.includes(row.caseId) || fingerprints.includes(row.fingerprint ?? '');
    this.tables.caseLinks.deleteWhere(isOfOrder);
    this.tables.inboundEvents.deleteWhere(isOfOrder);
    this.tables.reports.deleteWhere(isOfOrder);
    const host = hostOf(accountKey);
    this.tables.unmatchedCases.deleteWhere((row) => row.host === host && isOfCase(row));
    this.tables.discrepancies.deleteWhere(
      (row) => isOfOrder(row) || (row.teamId === teamId && row.connectionId === connectionId && isOfCase(row)),
    );
  }
}
