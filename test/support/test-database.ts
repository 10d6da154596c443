import { randomBytes } from 'node:crypto';
import pg from 'pg';
import { asService } from './environment.js';

export interface TestDatabase {
  url: string;
  drop(): Promise<void>;
}

/** Any number. All processes of a run take this lock while they make or copy the template. */
const templateLock = 4_021_977;

/** A migrated database for the caller alone, copied from a template that the first caller of a run makes. */
export async function createTestDatabase(): Promise<TestDatabase> {
  const { TEST_ADMIN_URL: adminUrl, TEST_RUN: run } = process.env;
  if (!adminUrl || !run)
    throw new Error('No test database: only *.db-spec.ts, *.flow-spec.ts, *.long-spec.ts and *.proof-spec.ts get one.');
  const template = `ats_test_${run}_template`;
  const name = `ats_test_${run}_${randomBytes(6).toString('hex')}`;
  await asAdmin(adminUrl, async (admin) => {
    await admin.query('SELECT pg_advisory_lock($1)', [templateLock]);
    await makeTemplate(admin, template, urlOf(adminUrl, template));
    await copy(admin, template, name);
  });
  await asAdmin(urlOf(adminUrl, name), recordCopy);
  return {
    url: urlOf(adminUrl, name),
    drop: () => asAdmin(adminUrl, (admin) => admin.query(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`)),
  };
}

async function makeTemplate(admin: pg.Client, template: string, url: string): Promise<void> {
  const found = await admin.query('SELECT 1 FROM pg_database WHERE datname = $1 AND datistemplate', [template]);
  if (found.rowCount) return;
  await admin.query(`DROP DATABASE IF EXISTS ${template} WITH (FORCE)`);
  await admin.query(`CREATE DATABASE ${template}`);
  const { migrate } = await import('../../src/commands/migrate.js');
  await migrate(url, asService(url));
  // Marked only when complete. A run whose first migration failed must not copy half a schema.
  await admin.query(`ALTER DATABASE ${template} IS_TEMPLATE true`);
}

/** Without this the service would treat the copy as a restored backup. */
async function recordCopy(client: pg.Client): Promise<void> {
  const { recordNewDatabase } = await import('../../src/platform/database/identity.js');
  await recordNewDatabase(client, false);
}

/** A database cannot be copied while a client is connected to it, and autovacuum counts as one. */
async function copy(admin: pg.Client, template: string, name: string): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      await admin.query(`CREATE DATABASE ${name} TEMPLATE ${template}`);
      return;
    } catch (error) {
      const inUse = error instanceof pg.DatabaseError && error.code === '55006';
      if (!inUse || attempt === 20) throw error;
      await new Promise((resolve) => setTimeout(resolve, 250));
    }
  }
}

async function asAdmin(adminUrl: string, work: (admin: pg.Client) => Promise<unknown>): Promise<void> {
  const admin = new pg.Client({ connectionString: adminUrl });
  await admin.connect();
  try {
    await work(admin);
  } finally {
    await admin.end();
  }
}

function urlOf(adminUrl: string, database: string): string {
  const url = new URL(adminUrl);
  url.pathname = `/${database}`;
  return url.href;
}
