import type { VendorCase } from '../../../src/contexts/integrations/gateway/domain/vendor-terms.js';
import {
  type FollowedCase,
  type LastSnapshot,
  VendorCases,
} from '../../../src/contexts/integrations/cases/domain/vendor-cases.js';
import type { CaseRow, IntegrationsTables } from './tables.js';

/** Passes the suite of `VendorCases`. */
export class FakeVendorCases extends VendorCases {
  constructor(private readonly tables: IntegrationsTables) {
    super();
  }

  async find(teamId: string, orderId: string): Promise<FollowedCase | null> {
    const row = this.tables.cases.get(`${teamId}/${orderId}`);
    const caseId = row?.caseId ?? null;
    return row && caseId !== null ? { ...row, caseId } : null;
  }

  async lastSnapshot(teamId: string, orderId: string): Promise<LastSnapshot | null> {
    return this.tables.cases.get(`${teamId}/${orderId}`);
  }

  async readStartsAt(): Promise<Date> {
    return this.tables.clock.now();
  }

  async record(teamId: string, orderId: string, snapshot: VendorCase, readAt: Date): Promise<'changed' | 'unchanged'> {
    const key = `${teamId}/${orderId}`;
    await this.tables.store.lock(`case of ${key}`);
    const row = this.tables.cases.get(key);
    if (!row) return 'unchanged';
    if (row.caseId !== null && row.confirmedAt <= readAt && differs(row, snapshot)) {
      this.tables.cases.set(key, { ...withSnapshot(row, snapshot), confirmedAt: readAt, readAt });
      return 'changed';
    }
    const later = (time: Date): Date => (time > readAt ? time : readAt);
    if (row.readAt < readAt)
      this.tables.cases.set(key, { ...row, confirmedAt: later(row.confirmedAt), readAt: later(row.readAt) });
    return 'unchanged';
  }
}

/** Whether a snapshot shows another state than the stored one. */
export const differs = (row: CaseRow, { state, result, vendorStatus, vendorScore }: VendorCase): boolean =>
  row.state !== state ||
  (row.result ?? '') !== (result ?? '') ||
  row.vendorStatus !== vendorStatus ||
  (row.vendorScore ?? '') !== (vendorScore ?? '');

/** The row with another state, as its next revision. */
export function withSnapshot(row: CaseRow, snapshot: VendorCase): CaseRow {
  const { state, result, vendorStatus, vendorScore, shortId } = snapshot;
  const shown = { state, result, vendorStatus, vendorScore, shortId: shortId ?? row.shortId };
  return { ...row, ...shown, revision: row.revision + 1 };
}
