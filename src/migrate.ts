import { MikroORM } from '@mikro-orm/postgresql';
import pg from 'pg';
import { PgBoss } from 'pg-boss';
import { migrationsOf, migrationTable, ormOptions } from '#platform/database/orm-options';
import { queueSchema } from '#platform/events/queues';
import { schemas } from './schemas.js';

const schemaNames = (): string[] => schemas.map((schema) => schema.name.replaceAll('-', '_'));

/**
 * Brings a database up: a schema per context, their migrations in order, and the job queue's own tables. Doing it again
 * changes nothing. The database's user must own it.
 */
export async function migrate(databaseUrl: string): Promise<void> {
  const orm = await MikroORM.init(ormOptions(databaseUrl, schemas));
  try {
    for (const name of schemaNames()) await orm.em.execute(`create schema if not exists "${name}"`);
    await orm.migrator.up();
  } finally {
    await orm.close();
  }
  const boss = new PgBoss({ connectionString: databaseUrl, schema: queueSchema, supervise: false, schedule: false });
  boss.on('error', () => undefined);
  await boss.start();
  await boss.stop({ graceful: false });
}

/** Names of migrations that the database lacks; empty when it is up to date. Only looks: creates and changes nothing. */
export async function pendingMigrations(databaseUrl: string): Promise<string[]> {
  const client = new pg.Client({ connectionString: databaseUrl, connectionTimeoutMillis: 10_000 });
  await client.connect();
  try {
    const table = await client.query<{ found: string | null }>(`select to_regclass('${migrationTable}') as found`);
    const done = table.rows[0]?.found
      ? await client.query<{ name: string }>(`select name from ${migrationTable}`)
      : null;
    const names = new Set(done?.rows.map((row) => row.name));
    return migrationsOf(schemas)
      .map((migration) => migration.name)
      .filter((name) => !names.has(name));
  } finally {
    await client.end();
  }
}

async function main(): Promise<void> {
  const databaseUrl = process.env['DATABASE_URL'];
  try {
    if (!databaseUrl)
      throw new Error('DATABASE_URL is missing: set it to postgres://user:password@host:5432/database.');
    const pending = await pendingMigrations(databaseUrl);
    await migrate(databaseUrl);
    process.stdout.write(`The database is up to date (${pending.length} migrations applied).\n`);
  } catch (error) {
    const reason = error instanceof Error ? error.message || (error as NodeJS.ErrnoException).code : String(error);
    process.stderr.write(`The database cannot be migrated: ${reason?.split('\n')[0]}\n`);
    process.exitCode = 1;
  }
}

if (import.meta.main) await main();
