import { Injectable } from '@nestjs/common';
import { sql } from 'kysely';
import { Database } from '#platform/database/database';
import { pageOf, sorted } from '#platform/database/list';
import { acrossTeams } from '#platform/database/scope';
import { isoTime } from '#platform/database/times';
import type { Page, Paging } from '#platform/http/paging';

export interface ShownDiscrepancy {
  id: string;
  kind: 'case_without_order' | 'order_without_case' | 'cancel_unconfirmed';
  case_id: string;
  background_check_id: string | null;
  found_at: string;
}

/** The discrepancies with one vendor that still exist, newest first. */
@Injectable()
export class DiscrepanciesView {
  constructor(private readonly database: Database) {}

  async list(teamId: string, vendor: string, hiddenOrders: string[], paging: Paging): Promise<Page<ShownDiscrepancy>> {
    // Leaves out cases that were linked to an order, or that ended, after the discrepancy was recorded.
    const found = sql`
      from integrations.discrepancy f
      join integrations.connection c on c.team_id = f.team_id and c.id = f.connection_id
      where f.team_id = ${teamId} and c.vendor = ${vendor} and (f.order_id is null or f.order_id <> all(${hiddenOrders}::uuid[]))
        and not (f.kind = 'case_without_order' and exists (
          select 1 from integrations.case_directory d
          where d.host = split_part(c.account_key, '#', 1) and d.case_id = f.case_id))
        and not (f.kind = 'cancel_unconfirmed' and exists (
          select 1 from integrations.vendor_case v
          where v.team_id = f.team_id and v.order_id = f.order_id and v.state in ('complete', 'cancelled', 'declined', 'expired', 'undeliverable')))`;
    const columns = sql`f.id, f.kind, f.case_id, f.order_id as background_check_id, f.found_at`;
    const shown = (row: ShownDiscrepancy): ShownDiscrepancy => ({ ...row, found_at: isoTime(row.found_at) });
    const list = { columns, found, order: sorted('desc', 'f.found_at', 'f.id'), shown };
    return acrossTeams('shared-account', () => pageOf(this.database, paging, list));
  }
}
