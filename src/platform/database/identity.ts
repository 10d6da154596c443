import { Migration } from '@mikro-orm/migrations';
import { sql } from 'kysely';
import type pg from 'pg';

/**
 * Which database this is. A restored backup, a promoted standby and a copy all carry the row that the original wrote. What the
 * server says about itself then differs from that row.
 *
 * - system identifier: another cluster
 * - timeline: the same cluster after a failover, or recovered to a point in time. Read from the log position, because the
 *   control file names a new timeline only after the next checkpoint.
 * - oid of the database: a copy beside the original
 * - oid of this table: a logical restore makes a new one
 * - the transaction that wrote the row: a restore of data alone writes it again, with a number of its own
 *
 * A disk that was set back to a snapshot looks the same in all of these and cannot be detected.
 */
const identity = `
  (select system_identifier from pg_control_system())::text || '/' || left(pg_walfile_name(pg_current_wal_lsn()), 8) || '/' ||
  (select oid from pg_database where datname = current_database())::text || '/' ||
  'platform.database_identity'::regclass::oid::text`;

const record = `
  insert into platform.database_identity as present (only_row, identity, written_by)
  values (true, ${identity}, pg_current_xact_id())
  on conflict (only_row) do update
  set identity = excluded.identity, written_by = excluded.written_by, recorded_at = now()`;

/** Whether the database is the recorded one. Costs some microseconds: it reads the server's control file. */
export const isRecordedDatabase = sql<boolean>`exists (
  select from platform.database_identity i where i.identity = ${sql.raw(identity)} and i.written_by::xid = i.xmin)`;

/**
 * A short name of this database, 16 hexadecimal digits. Another one after each kind of restore, and after the record is made again.
 */
export const databaseName = sql<string>`
  left(md5(${sql.raw(identity)} || '/' || coalesce((select i.xmin::text from platform.database_identity i), '')), 16)`;

/**
 * Records this database as the present one. Runs in a transaction of its own or an outermost one: within a savepoint the row's
 * transaction number would differ from the one it records.
 */
export const recordDatabase = sql`${sql.raw(record)}`;

/** For a new database. `unlessRecorded`: an existing record stays, so that a restore is still detected. */
export async function recordNewDatabase(client: pg.Client, unlessRecorded = true): Promise<void> {
  const { rowCount } = await client.query('select from platform.database_identity');
  if (!unlessRecorded || rowCount === 0) await client.query(record);
}

export class DatabaseIdentity extends Migration {
  override up(): void {
    this.addSql(`
      create table platform.database_identity (
        only_row boolean primary key check (only_row),
        identity text not null,
        written_by xid8 not null,
        recorded_at timestamptz not null default now()
      )`);
  }
}
