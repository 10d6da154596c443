import { Injectable } from '@nestjs/common';
import { sql } from 'kysely';
import { Database } from '#platform/database/database';
import type { CaseResult, CaseState, VendorCase } from '../../../gateway/domain/vendor-terms.js';
import { type FollowedCase, type LastSnapshot, VendorCases } from '../../domain/vendor-cases.js';

interface CaseRow {
  team_id: string;
  order_id: string;
  connection_id: string;
  case_id: string | null;
  short_id: string | null;
  state: CaseState;
  result: CaseResult | null;
  vendor_status: string;
  vendor_score: string | null;
  revision: number;
  confirmed_at: string;
  read_at: string;
}

@Injectable()
export class PostgresVendorCases extends VendorCases {
  constructor(private readonly database: Database) {
    super();
  }

  async find(teamId: string, orderId: string): Promise<FollowedCase | null> {
    const last = await this.lastSnapshot(teamId, orderId);
    const caseId = last?.caseId ?? null;
    return last && caseId !== null ? { ...last, caseId } : null;
  }

  async lastSnapshot(teamId: string, orderId: string): Promise<LastSnapshot | null> {
    const row = await this.database.first(sql<CaseRow>`
      select * from integrations.vendor_case where team_id = ${teamId} and order_id = ${orderId}`);
    if (!row) return null;
    return {
      teamId: row.team_id,
      orderId: row.order_id,
      connectionId: row.connection_id,
      caseId: row.case_id,
      shortId: row.short_id,
      state: row.state,
      result: row.result,
      vendorStatus: row.vendor_status,
      vendorScore: row.vendor_score,
      revision: row.revision,
      confirmedAt: new Date(row.confirmed_at),
      readAt: new Date(row.read_at),
    };
  }

  async readStartsAt(): Promise<Date> {
    const row = await this.database.first(sql<{ now: string }>`select clock_timestamp()::timestamptz(3) as now`);
    return new Date(row?.now ?? Number.NaN);
  }

  async record(teamId: string, orderId: string, snapshot: VendorCase, readAt: Date): Promise<'changed' | 'unchanged'> {
    const changed = await this.database.affected(sql`
      update integrations.vendor_case
      set state = ${snapshot.state}, result = ${snapshot.result}, vendor_status = ${snapshot.vendorStatus},
          vendor_score = ${snapshot.vendorScore}, short_id = coalesce(${snapshot.shortId}, short_id),
          revision = revision + 1, revised_at = now(), confirmed_at = ${readAt}, read_at = ${readAt}
      where team_id = ${teamId} and order_id = ${orderId} and case_id is not null and confirmed_at <= ${readAt}
        and (state, coalesce(result, ''), vendor_status, coalesce(vendor_score, ''))
            is distinct from (${snapshot.state}, ${snapshot.result ?? ''}, ${snapshot.vendorStatus},
                              ${snapshot.vendorScore ?? ''})`);
    if (changed === 1) return 'changed';
    await this.database.affected(sql`
      update integrations.vendor_case
      set confirmed_at = greatest(confirmed_at, ${readAt}::timestamptz), read_at = greatest(read_at, ${readAt}::timestamptz)
      where team_id = ${teamId} and order_id = ${orderId} and read_at < ${readAt}`);
    return 'unchanged';
  }
}
