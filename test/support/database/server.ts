import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { startEmbeddedPostgres } from '../../../scripts/embedded-postgres.ts';

export interface DatabaseServer {
  /** Printed by the run, so that the choice of server is visible. */
  what: string;
  /** The URL of a database from which others can be created. */
  url: string;
  stop(): Promise<void>;
}

interface ServerOptions {
  TEST_DATABASE_URL?: string;
  TEST_DATABASE?: string;
  TEST_POSTGRES_IMAGE?: string;
}

/**
 * TEST_DATABASE_URL, else Testcontainers where a Docker engine answers, else the embedded one.
 * TEST_DATABASE=containers or =embedded insists on one of them.
 */
export async function findServer(options: ServerOptions): Promise<DatabaseServer> {
  if (options.TEST_DATABASE_URL) return given(options.TEST_DATABASE_URL);
  if (options.TEST_DATABASE === 'embedded') return embedded();
  const image = options.TEST_POSTGRES_IMAGE ?? 'postgres:17-alpine';
  if (options.TEST_DATABASE === 'containers') return container(image);
  if (!(await engineAnswers())) return embedded();
  return container(image).catch((error: unknown) => {
    console.warn(`\nA Docker engine answers, but ${image} does not start there (${firstLine(error)}).`);
    return embedded();
  });
}

function given(url: string): DatabaseServer {
  const name = new URL(url).pathname.slice(1);
  if (!name.includes('test')) {
    throw new Error(`TEST_DATABASE_URL names the database "${name}": tests only run where the name contains "test".`);
  }
  return { what: `TEST_DATABASE_URL (${name})`, url, stop: async () => undefined };
}

async function engineAnswers(): Promise<boolean> {
  const { getContainerRuntimeClient } = await import('testcontainers');
  return getContainerRuntimeClient().then(
    () => true,
    () => false,
  );
}

async function container(image: string): Promise<DatabaseServer> {
  const { PostgreSqlContainer } = await import('@testcontainers/postgresql');
  const careless = ['postgres', '-c', 'fsync=off', '-c', 'synchronous_commit=off', '-c', 'max_connections=300'];
  const started = await new PostgreSqlContainer(image).withDatabase('test').withCommand(careless).start();
  return {
    what: `PostgreSQL in a container (${image})`,
    url: started.getConnectionUri(),
    stop: () => started.stop().then(() => undefined),
  };
}

async function embedded(): Promise<DatabaseServer> {
  const folder = mkdtempSync(join(tmpdir(), 'ats-test-'));
  // When root runs the tests, PostgreSQL's own user must be able to read its cluster.
  chmodSync(folder, 0o711);
  const server = await startEmbeddedPostgres({ folder: join(folder, 'postgres'), keep: false });
  const stop = (): Promise<void> => server.stop().then(() => rmSync(folder, { recursive: true, force: true }));
  return { what: 'embedded PostgreSQL', url: server.url, stop };
}

/** Drops the databases of a run: its template and those of suites that were killed. */
export async function dropRun(adminUrl: string, run: string): Promise<void> {
  const admin = new pg.Client({ connectionString: adminUrl });
  await admin.connect();
  const left = await admin.query<{ datname: string }>('SELECT datname FROM pg_database WHERE datname LIKE $1', [
    `ats_test_${run}_%`,
  ]);
  for (const { datname } of left.rows) {
    await admin.query(`ALTER DATABASE ${datname} IS_TEMPLATE false`);
    await admin.query(`DROP DATABASE ${datname} WITH (FORCE)`);
  }
  await admin.end();
}

function firstLine(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).split('\n')[0] ?? '';
}
