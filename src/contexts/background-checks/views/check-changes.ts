import { Injectable } from '@nestjs/common';
import { sql } from 'kysely';
import { Database } from '#platform/database/database';
import { checkColumns, type CheckRow, checksWithRequester } from './check-answer.js';

/** How far a reader of changes has come: everything saved by transactions before this number was read. */
export type Cursor = string;

export interface ChangedCheck extends CheckRow {
  changed_xid: Cursor;
}

export interface Changes {
  checks: ChangedCheck[];
  /** Where to read on. */
  cursor: Cursor;
}

const pageSize = 200;

/**
 * What changed in a team since a cursor, oldest first. Transactions commit in another order than they begin, so reading by
 * time or sequence would skip those that commit late. Here the next cursor is the oldest transaction that was still running
 * when this statement looked: what it and later ones save is found by the next read. Some rows are found twice, none never.
 */
@Injectable()
export class CheckChanges {
  constructor(private readonly database: Database) {}

  async now(): Promise<Cursor> {
    const row = await this.database.first<{ cursor: Cursor }>(
      sql`select pg_snapshot_xmin(pg_current_snapshot())::text as cursor`,
    );
    return row?.cursor ?? '0';
  }

  /** Page by page; every page's `cursor` is the first page's, because what changes in between is read from there. */
  async *since(teamId: string, from: Cursor): AsyncGenerator<Changes> {
    let after = { xid: from, id: '00000000-0000-0000-0000-000000000000' };
    let cursor: Cursor | undefined;
    for (;;) {
      const page = await this.page(teamId, after);
      cursor ??= page.cursor;
      yield { checks: page.checks, cursor };
      const last = page.checks.at(-1);
      if (!last || page.checks.length < pageSize) return;
      after = { xid: last.changed_xid, id: last.id };
    }
  }

  private async page(teamId: string, after: { xid: Cursor; id: string }): Promise<Changes> {
    // One statement, one snapshot: the left join keeps the cursor when nothing changed.
    const rows = await this.database.rows<ChangedCheck & { cursor: Cursor }>(sql`
      select s.cursor, changed.* from (select pg_snapshot_xmin(pg_current_snapshot())::text as cursor) s
      left join lateral (
        select ${checkColumns}, c.changed_xid::text from ${checksWithRequester}
        where c.team_id = ${teamId} and (c.changed_xid, c.id) > (${after.xid}::xid8, ${after.id}::uuid)
        order by c.changed_xid, c.id limit ${pageSize}) changed on true
      order by changed.changed_xid::xid8, changed.id`);
    return { checks: rows.filter((row) => row.id !== null), cursor: rows[0]?.cursor ?? after.xid };
  }
}
