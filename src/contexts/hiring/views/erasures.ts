import { Injectable } from '@nestjs/common';
import { sql } from 'kysely';
import { userView } from '#contexts/access';
import type { Caller } from '#kernel/caller';
import type { Id } from '#kernel/id';
import { Database } from '#platform/database/database';
import { pageOf, sorted } from '#platform/database/list';
import { isoTime } from '#platform/database/times';
import type { Page, Paging } from '#platform/http/paging';
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
    return pageOf(this.database, paging, {
      columns: sql`e.candidate_id, e.at, e.outcomes_withheld as withheld, e.checks,
        case when e.by_user_id is not null then json_build_object('id', e.by_user_id, 'name', u.name) end as by`,
      found: sql`
        from hiring.erasure e
        left join ${sql.table(userView)} u on u.team_id = e.team_id and u.id = e.by_user_id
        where e.team_id = ${teamId}`,
      counted: sql`from hiring.erasure where team_id = ${teamId}`,
      order: sorted('desc', 'e.at', 'e.candidate_id'),
      shown: (row: ShownErasure): ShownErasure => ({ ...row, at: isoTime(row.at) }),
    });
  }
}
