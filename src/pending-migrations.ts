import pg from 'pg';
import { migrationsOf, migrationTable } from '#platform/database/orm-options';
import { schemas } from './schemas.js';

/** The schemas of the contexts and the platform. The queue has one more. */
export const schemaNames = (): string[] => schemas.map((schema) => schema.name.replaceAll('-', '_'));

/** Names of migrations that the database lacks; empty when it is up to date. Reads only. */
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
