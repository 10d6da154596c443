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
  /** Oldest first; null: more than `mostAtOnce` changed, and none of them was read. */
  checks: ChangedCheck[] | null;
  /** Where to read on. */
  cursor: Cursor;
  /** What was committed when this was read: given to the next read, nothing of it is found again. */
  snapshot: string;
}

/** Whoever missed more than this reads their lists again: that is less work than hearing of each. */
export const mostAtOnce = 500;

/**
 * What changed in a team since a cursor. Transactions commit in another order than they begin, so reading by time or
 * sequence would skip those that commit late. Here the next cursor is the oldest transaction that was still running when
 * this statement looked: what it and later ones save is found by the next read. Some rows are found twice, none never;
 * whoever still has the snapshot of the last read finds each once.
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

  async since(teamId: string, from: Cursor, seen: string | null = null): Promise<Changes> {
    // One statement, one snapshot: the left join keeps the cursor when nothing changed.
    const rows = await this.database.rows<ChangedCheck & Omit<Changes, 'checks'> & { found: string }>(sql`
      with reader as materialized (
        select pg_snapshot_xmin(pg_current_snapshot())::text as cursor, pg_current_snapshot()::text as snapshot),
      found as materialized (
        select c.id, c.changed_xid from background_checks.background_check c
        where c.team_id = ${teamId} and (c.changed_xid, c.id) > (${from}::xid8, '00000000-0000-0000-0000-000000000000')
          and (${seen}::pg_snapshot is null or not pg_visible_in_snapshot(c.changed_xid, ${seen}::pg_snapshot))
        order by c.changed_xid, c.id limit ${mostAtOnce + 1})
      select r.cursor, r.snapshot, (select count(*) from found) as found, changed.* from reader r
      left join lateral (
        select ${checkColumns}, c.changed_xid::text from ${checksWithRequester}
        where c.team_id = ${teamId} and c.id in (select f.id from found f) and (select count(*) from found) <= ${mostAtOnce}
      ) changed on true
      order by changed.changed_xid::xid8, changed.id`);
    const [reader] = rows;
    if (!reader) throw new Error('The reader itself is always found.');
    const { cursor, snapshot, found } = reader;
    return { checks: Number(found) > mostAtOnce ? null : rows.filter((row) => row.id !== null), cursor, snapshot };
  }
}
