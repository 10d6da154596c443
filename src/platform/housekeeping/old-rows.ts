import { type RawBuilder, sql } from 'kysely';
import { teamsIn } from '../database/teams-in.js';

/** Rows that one piece deletes at most. */
export const pieceSize = 500;

export const days = (count: number): RawBuilder<unknown> => sql`make_interval(days => ${count}::int)`;
export const hours = (count: number): RawBuilder<unknown> => sql`make_interval(hours => ${count}::int)`;

/** Rows of one table that go when their time is over. */
export interface OldRows {
  /** Its schema and name. An index on `(team_id, since)` is needed: a piece reads no more than it deletes. */
  table: string;
  /** The column from which on a row's time counts; null: the row does not go. */
  since: string;
  keptFor: RawBuilder<unknown>;
  /** A condition on the row, `t`, that must hold besides. */
  only?: RawBuilder<unknown>;
}

/**
 * Deletes one piece of them, the oldest of each team first. Several replicas may do so at once: a row that another one holds
 * is left to the next piece. By `ctid`, so that the table is never read from end to end. Looks across teams.
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
