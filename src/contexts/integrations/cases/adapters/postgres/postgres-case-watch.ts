import { Injectable } from '@nestjs/common';
import { type RawBuilder, sql } from 'kysely';
import { Database } from '#platform/database/database';
import { acrossTeams } from '#platform/database/scope';
import type { Connection } from '../../../connections/domain/connection.js';
import type { VendorCase } from '../../../gateway/domain/vendor-terms.js';
import { CaseWatch, type ListVerdict, type Place, type WatchedCase } from '../../domain/case-watch.js';

interface CaseRow {
  order_id: string;
  case_id: string;
  ordered_at: Date | string;
}

/** Repeats the condition of the partial index on open cases, so that Postgres uses it. */
const isOpen = sql`v.state not in ('complete', 'cancelled', 'declined', 'expired', 'undeliverable')
  and v.case_id is not null`;

const toWatched = (row: CaseRow): WatchedCase => ({
  orderId: row.order_id,
  caseId: row.case_id,
  orderedAt: new Date(row.ordered_at),
});

@Injectable()
export class PostgresCaseWatch extends CaseWatch {
  constructor(private readonly database: Database) {
    super();
  }

  async hasAnything({ teamId, id }: Connection): Promise<boolean> {
    const row = await this.database.first(sql`
      select 1 where exists (select 1 from integrations.vendor_case v
                             where v.team_id = ${teamId} and v.connection_id = ${id}
                               and v.case_id is not null and (${isOpen} or v.ordered_at > now() - interval '90 days'))
        or exists (select 1 from integrations.order o
                   where o.team_id = ${teamId} and o.connection_id = ${id} and o.state in ('sending', 'in_doubt'))`);
    return row !== null;
  }

  async countOpen({ teamId, id, accountKey }: Connection): Promise<{ own: number; account: number }> {
    const row = await acrossTeams('shared-account', () =>
      this.database.first(sql<{ own: number; account: number }>`
      select count(*)::int as account,
             count(*) filter (where v.team_id = ${teamId} and v.connection_id = ${id})::int as own
      from integrations.connection c
      join integrations.vendor_case v on v.team_id = c.team_id and v.connection_id = c.id and ${isOpen}
      where c.account_key = ${accountKey}`),
    );
    return row ?? { own: 0, account: 0 };
  }

  async openAfter({ teamId, id }: Connection, after: Place | null, limit: number): Promise<WatchedCase[]> {
    const later = after
      ? sql`and (v.ordered_at, v.order_id) > (${after.orderedAt}::timestamptz, ${after.orderId}::uuid)`
      : sql``;
    return this.cases(sql`
      where v.team_id = ${teamId} and v.connection_id = ${id} and ${isOpen} ${later}
      order by v.ordered_at, v.order_id limit ${limit}`);
  }

  async between({ teamId, id }: Connection, from: Date, to: Date): Promise<WatchedCase[]> {
    return this.cases(sql`
      where v.team_id = ${teamId} and v.connection_id = ${id} and v.ordered_at >= ${from} and v.ordered_at < ${to}
        and v.case_id is not null
      order by v.ordered_at, v.order_id`);
  }

  /** One statement for the whole list. A case whose revision changed in between is left unchanged. */
  async compare(
    { teamId, id }: Connection,
    listed: VendorCase[],
    readAt: Date,
    visibilityLagSeconds: number,
  ): Promise<ListVerdict[]> {
    const rows = await this.database.rows(sql<{ order_id: string } & Omit<ListVerdict, 'orderId'>>`
      with listed as (${listedRows(listed)}),
      compared as (
        select l.*, v.order_id, v.revision,
          case when (v.state, coalesce(v.result, ''), v.vendor_status, coalesce(v.vendor_score, ''))
                    = (l.state, coalesce(l.result, ''), l.vendor_status, coalesce(l.vendor_score, '')) then 'same'
               when v.state = 'complete' and l.state = 'complete' and l.result is null and v.result is not null then 'same'
               when ${isOpen} and v.read_at <= ${readAt}::timestamptz - ${visibilityLagSeconds} * interval '1 second'
                    and not (l.state = 'complete' and l.result is null) then 'believed'
               else 'hint' end as verdict,
          not exists (select 1 from integrations.inbound_event d
                      where d.team_id = v.team_id and d.order_id = v.order_id
                        and d.received_at > v.confirmed_at) as unannounced
        from integrations.vendor_case v join listed l on l.case_id = v.case_id
        where v.team_id = ${teamId} and v.connection_id = ${id}),
      written as (
        update integrations.vendor_case v
        set confirmed_at = ${readAt}, short_id = coalesce(j.short_id, v.short_id),
            state = case j.verdict when 'believed' then j.state else v.state end,
            result = case j.verdict when 'believed' then j.result else v.result end,
            vendor_status = case j.verdict when 'believed' then j.vendor_status else v.vendor_status end,
            vendor_score = case j.verdict when 'believed' then j.vendor_score else v.vendor_score end,
            revision = v.revision + case j.verdict when 'believed' then 1 else 0 end,
            revised_at = case j.verdict when 'believed' then now() else v.revised_at end
        from compared j
        where v.team_id = ${teamId} and v.order_id = j.order_id and j.verdict <> 'hint'
          and v.case_id is not null
          and v.revision = j.revision and v.confirmed_at <= ${readAt}::timestamptz
        returning v.order_id, j.verdict, j.unannounced)
      select order_id, verdict, unannounced from written
      union all select order_id, verdict, unannounced from compared where verdict = 'hint'`);
    return rows.map(({ order_id: orderId, verdict, unannounced }) => ({ orderId, verdict, unannounced }));
  }

  private async cases(condition: RawBuilder<unknown>): Promise<WatchedCase[]> {
    const rows = await this.database.rows(sql<CaseRow>`
      select v.order_id, v.case_id, v.ordered_at from integrations.vendor_case v ${condition}`);
    return rows.map(toWatched);
  }
}

function listedRows(listed: VendorCase[]): RawBuilder<unknown> {
  const rows = listed.map((found) => ({
    case_id: found.id,
    short_id: found.shortId,
    state: found.state,
    result: found.result,
    vendor_status: found.vendorStatus,
    vendor_score: found.vendorScore,
  }));
  return sql`select * from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb)
    as l (case_id text, short_id text, state text, result text, vendor_status text, vendor_score text)`;
}
