import { Injectable } from '@nestjs/common';
import { sql } from 'kysely';
import type { Caller } from '#kernel/caller';
import type { Id } from '#kernel/id';
import { type ActorKind, userView } from '#contexts/access';
import { Database } from '#platform/database/database';
import { isoTime } from '#platform/database/times';
import { ChecksView } from './checks.js';

interface HistoryRow {
  revision: number;
  at: Date | string;
  kind: string;
  from: string | null;
  to: string | null;
  by_user_id: string | null;
  by_name: string | null;
  by_kind: ActorKind | null;
  source: string;
}

/** Rows name the vendor itself, as older releases do. */
const sourceOf = (stored: string): string => (['user', 'system'].includes(stored) ? stored : 'vendor');

/** The history of one check, oldest first. Results are hidden from callers who may not see them. */
@Injectable()
export class CheckHistoryView {
  constructor(
    private readonly database: Database,
    private readonly checks: ChecksView,
  ) {}

  async of(caller: Caller, checkId: Id) {
    const check = await this.checks.one(caller, checkId);
    const seesResults = caller.can('view_background_check_results', check.job_id);
    const rows = await this.database.rows<HistoryRow>(sql`
      select h.revision, h.at, h.kind, h."from", h."to", h.by_user_id, u.name as by_name, u.kind as by_kind, h.source
      from background_checks.history_entry h
      left join ${sql.table(userView)} u on u.team_id = h.team_id and u.id = h.by_user_id
      where h.team_id = ${caller.teamId} and h.check_id = ${checkId} order by h.revision`);
    return rows.map(({ revision, at, kind, from, to, by_user_id, by_name, by_kind, source }) => {
      const shown = seesResults || kind !== 'result_changed' ? { from, to } : { from: null, to: null };
      const by = by_user_id === null ? null : { id: by_user_id, name: by_name, kind: by_kind ?? 'user' };
      return { revision, at: isoTime(at), kind, ...shown, by, source: sourceOf(source) };
    });
  }
}
