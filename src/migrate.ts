import { MikroORM } from '@mikro-orm/postgresql';
import { PgBoss } from 'pg-boss';
import { ormOptions } from '#platform/database/orm-options';
import { queueSchema } from '#platform/events/job-queue';
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

/** Names of migrations that the database lacks; empty when it is up to date. */
export async function pendingMigrations(databaseUrl: string): Promise<string[]> {
  const orm = await MikroORM.init(ormOptions(databaseUrl, schemas));
  try {
    return (await orm.migrator.getPending()).map((migration) => migration.name);
  } finally {
    await orm.close();
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
