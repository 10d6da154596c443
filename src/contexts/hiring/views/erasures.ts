import { Injectable } from '@nestjs/common';
import { sql } from 'kysely';
import { userView } from '#contexts/access';
import type { Caller } from '#kernel/caller';
import type { Id } from '#kernel/id';
import { Database } from '#platform/database/database';
import { isoTime } from '#platform/database/times';
import { countCap, type Page, type Paging, totalOf, window } from '#platform/http/paging';
import type { ErasedChecks } from '../contract.js';

export interface ShownErasure {
  candidate_id: Id;
  at: string;
  /** Null for the team's retention rule. */
  by: { id: string; name: string | null } | null;
  checks: ErasedChecks[];
  /** The candidate was also a user of the team. Of their checks, only whether they were completed is counted. */
  withheld: boolean;
}

/** The proofs of erasure, newest first. */
@Injectable()
export class ErasuresView {
  constructor(private readonly database: Database) {}

  async list({ teamId }: Caller, paging: Paging): Promise<Page<ShownErasure>> {
    const { limit, offset } = window(paging);
    const items = await this.database.rows(sql<ShownErasure>`
      select e.candidate_id, e.at, e.outcomes_withheld as withheld, e.checks,
        case when e.by_user_id is not null then json_build_object('id', e.by_user_id, 'name', u.name) end as by
      from hiring.erasure e
      left join ${sql.table(userView)} u on u.team_id = e.team_id and u.id = e.by_user_id
      where e.team_id = ${teamId} order by e.at desc, e.candidate_id desc limit ${limit} offset ${offset}`);
    const counted = sql<{ total: number }>`
      select count(*)::int as total from (
        select 1 from hiring.erasure where team_id = ${teamId} limit ${countCap + 1}) counted`;
    const total = await totalOf(paging, items.length, () => this.database.first(counted));
    return { items: items.map((item) => ({ ...item, at: isoTime(item.at) })), total };
  }
}
