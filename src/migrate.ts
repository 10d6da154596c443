import { MikroORM } from '@mikro-orm/postgresql';
import pg from 'pg';
import { PgBoss } from 'pg-boss';
import { installationId, operatorFor } from '#kernel/ports';
import { PostgresAudit } from '#platform/audit/postgres-audit';
import { Database } from '#platform/database/database';
import { recordNewDatabase } from '#platform/database/identity';
import { migrationsOf, migrationTable, ormOptions } from '#platform/database/orm-options';
import { acrossTeams } from '#platform/database/scope';
import { putUpWall } from '#platform/database/wall';
import { queueSchema } from '#platform/events/queues';
import { schemas } from './schemas.js';

/** The schemas of the contexts and the platform. The queue has one more. */
export const schemaNames = (): string[] => schemas.map((schema) => schema.name.replaceAll('-', '_'));

/**
 * Brings a database up: a schema per context, their migrations in order, the job queue's own tables, and the wall between
 * teams with the roles that the service needs. Doing it again changes nothing. `databaseUrl` names the owner; `serviceUrl`
 * the role that the service signs in with, which is made when it is missing.
 */
export async function migrate(databaseUrl: string, serviceUrl: string | null = null): Promise<void> {
  const orm = await MikroORM.init(ormOptions(databaseUrl, schemas));
  try {
    for (const name of schemaNames()) await orm.em.execute(`create schema if not exists "${name}"`);
    const applied = await orm.migrator.up();
    if (applied.length > 0) {
      const to = { command: 'migrate', migrations: applied.map(({ name }) => name) };
      const entry = { action: 'database.migrate', entity: 'installation', entityId: installationId, to };
      await acrossTeams('operator', () =>
        new PostgresAudit(new Database(orm.em)).record(operatorFor(installationId), entry),
      );
    }
  } finally {
    await orm.close();
  }
  const boss = new PgBoss({ connectionString: databaseUrl, schema: queueSchema, supervise: false, schedule: false });
  boss.on('error', () => undefined);
  await boss.start();
  await boss.stop({ graceful: false });
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    await putUpWall(client, [...schemaNames(), queueSchema], serviceUrl);
    await recordNewDatabase(client);
  } finally {
    await client.end();
  }
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
  const serviceUrl = process.env['DATABASE_URL'] ?? null;
  const databaseUrl = process.env['MIGRATION_DATABASE_URL'] ?? serviceUrl;
  try {
    if (!databaseUrl)
      throw new Error('DATABASE_URL is missing: set it to postgres://user:password@host:5432/database.');
    const pending = await pendingMigrations(databaseUrl);
    await migrate(databaseUrl, serviceUrl);
    process.stdout.write(`The database is up to date (${pending.length} migrations applied).\n`);
  } catch (error) {
    const reason = error instanceof Error ? error.message || (error as NodeJS.ErrnoException).code : String(error);
    process.stderr.write(`The database cannot be migrated: ${reason?.split('\n')[0]}\n`);
    process.exitCode = 1;
  }
}

if (import.meta.main) await main();
