import type { EntityManager, MikroORM } from '@mikro-orm/postgresql';
import pg from 'pg';
import { PgBoss } from 'pg-boss';
import { installationId, operatorFor } from '#kernel/ports';
import { PostgresAudit } from '#platform/audit/postgres-audit';
import { Database } from '#platform/database/database';
import { recordNewDatabase } from '#platform/database/identity';
import { ormOptions } from '#platform/database/orm-options';
import { acrossTeams } from '#platform/database/scope';
import { putUpWall } from '#platform/database/wall';
import { queueSchema } from '#platform/events/queues';
import { pendingMigrations, schemaNames } from '../pending-migrations.js';
import { databaseUrlFrom, firstLineOf, outcomeOf, report, withDatabase } from './command.js';

/**
 * Brings a database up: a schema per context, their migrations in order, the job queue's own tables, and the isolation between
 * teams with the roles that the service needs. Doing it again changes nothing. `databaseUrl` names the owner; `serviceUrl` the
 * role that the service signs in with, which is created when it is missing.
 *
 * It needs no application: the application cannot start on a database that is behind, and works as a role that may not migrate.
 */
export async function migrate(databaseUrl: string, serviceUrl: string | null = null): Promise<void> {
  await withDatabase(databaseUrl, applyMigrations, ormOptions);
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

async function applyMigrations(em: EntityManager, { migrator }: Pick<MikroORM, 'migrator'>): Promise<void> {
  for (const name of schemaNames()) await em.execute(`create schema if not exists "${name}"`);
  const applied = await migrator.up();
  if (applied.length === 0) return;
  const to = { command: 'migrate', migrations: applied.map(({ name }) => name) };
  const entry = { action: 'database.migrate', entity: 'installation', entityId: installationId, to };
  await acrossTeams('operator', () => new PostgresAudit(new Database(em)).record(operatorFor(installationId), entry));
}

if (import.meta.main) {
  const serviceUrl = process.env['DATABASE_URL'] ?? null;
  const work = async (): Promise<string> => {
    const databaseUrl = databaseUrlFrom(process.env['MIGRATION_DATABASE_URL'] ?? process.env['DATABASE_URL']);
    const pending = await pendingMigrations(databaseUrl);
    await migrate(databaseUrl, serviceUrl);
    return `The database is up to date (${pending.length} migrations applied).`;
  };
  report(await outcomeOf(work, (error) => `The database cannot be migrated: ${firstLineOf(error)}`));
}
