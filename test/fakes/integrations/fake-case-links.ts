import type { Fingerprints } from '#kernel/ports';
import type { VendorCase } from '../../../src/contexts/integrations/gateway/domain/vendor-terms.js';
import { type CaseSource, CaseLinks } from '../../../src/contexts/integrations/orders/domain/case-links.js';
import { ErasedCases } from '../../../src/contexts/integrations/orders/domain/erased-cases.js';
import type { IntegrationsTables } from './tables.js';

/** Passes the suite of `ErasedCases`. */
export class FakeErasedCases extends ErasedCases {
  constructor(
    private readonly tables: IntegrationsTables,
    private readonly fingerprints: Fingerprints,
  ) {
    super();
  }

  async without(host: string, caseIds: readonly string[]): Promise<string[]> {
    return caseIds.filter((caseId) => !this.has(host, caseId));
  }

  has(host: string, caseId: string): boolean {
    const forms = this.fingerprints.known(caseId);
    return this.tables.erasedCases.where((row) => row.host === host && forms.includes(row.fingerprint)).length > 0;
  }
}

/** Passes the suite of `CaseLinks`. */
export class FakeCaseLinks extends CaseLinks {
  constructor(
    private readonly tables: IntegrationsTables,
    private readonly erasedCases: FakeErasedCases,
    private readonly fingerprints: Fingerprints,
  ) {
    super();
  }

  async link(
    { teamId, id: orderId, connectionId }: { teamId: string; id: string; connectionId: string },
    host: string,
    { id: caseId, shortId, state, result, vendorStatus, vendorScore, createdAt }: VendorCase,
  ): Promise<boolean> {
    const key = `${host}/${caseId}`;
    await this.tables.store.lock(`case ${key}`);
    if (this.tables.caseLinks.get(key) || this.erasedCases.has(host, caseId)) return false;
    this.tables.caseLinks.set(key, { host, caseId, teamId, orderId });
    const now = this.tables.clock.now();
    const shown = { caseId, shortId, state, result, vendorStatus, vendorScore, revision: 1 };
    const times = { confirmedAt: now, readAt: now, orderedAt: createdAt ?? now };
    this.tables.cases.set(`${teamId}/${orderId}`, { teamId, orderId, connectionId, ...shown, ...times });
    return true;
  }

  async storeUnmatchedCase({ teamId, id: connectionId, host }: CaseSource, caseId: string): Promise<string | null> {
    const key = `${teamId}/${connectionId}/${caseId}`;
    await this.tables.store.lock(`unmatched case ${key}`);
    if (this.erasedCases.has(host, caseId)) return null;
    const fingerprint = this.fingerprints.of(caseId);
    const receivedAt = this.tables.unmatchedCases.get(key)?.receivedAt ?? this.tables.clock.now();
    this.tables.unmatchedCases.set(key, { teamId, connectionId, host, caseId, fingerprint, receivedAt });
    return fingerprint;
  }

  async unmatchedCase(teamId: string, connectionId: string, caseHash: string): Promise<string | null> {
    const [row] = this.tables.unmatchedCases.where(
      (one) => one.teamId === teamId && one.connectionId === connectionId && one.fingerprint === caseHash,
    );
    return row?.caseId ?? null;
  }

  async takeUnmatchedCase(teamId: string, connectionId: string, caseId: string): Promise<boolean> {
    const key = `${teamId}/${connectionId}/${caseId}`;
    await this.tables.store.lock(`unmatched case ${key}`);
    const found = this.tables.unmatchedCases.get(key) !== null;
    this.tables.unmatchedCases.delete(key);
    return found;
  }
}
