import { type RawBuilder, sql } from 'kysely';
import { teamsIn } from '../database/teams-in.js';

/** The most rows that one piece deletes. */
export const pieceSize = 500;

export const days = (count: number): RawBuilder<unknown> => sql`make_interval(days => ${count}::int)`;
export const hours = (count: number): RawBuilder<unknown> => sql`make_interval(hours => ${count}::int)`;

/** Rows of one table that are deleted when their retention time is over. */
export interface OldRows {
  /** The table's schema and name. It needs an index on `(team_id, since)`, so that a piece reads no more than it deletes. */
  table: string;
  /** The column from which the retention time counts; null in a row: the row is kept. */
  since: string;
  keptFor: RawBuilder<unknown>;
  /** A further condition on the row `t`. */
  only?: RawBuilder<unknown>;
}

/**
 * Deletes one piece of them, the oldest of each team first. Several replicas may do so at once: rows that another one has locked are
 * left to the next piece. Deletes by `ctid`, so that the table is never scanned from end to end. Reads across teams.
 */
export function deleteOld({ table, since, keptFor, only = sql`true` }: OldRows): RawBuilder<unknown> {
  const at = sql.ref(`t.${since}`);
  return sql`
    delete from ${sql.table(table)} where ctid = any(array(
      select old.ctid
      from ${teamsIn(sql.table(table))} team
      cross join lateral (
        select t.ctid from ${sql.table(table)} t
        where t.team_id = team.id and ${at} < now() - ${keptFor} and ${only}
        order by ${at} limit ${pieceSize} for update skip locked) old
      limit ${pieceSize}))`;
}
