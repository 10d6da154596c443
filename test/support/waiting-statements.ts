import type pg from 'pg';

/**
 * The number of statements in this database that wait for a lock and contain these words (`%` for anything between). Workers
 * also wait for other locks, and other suites share the server, so a test names its statement.
 */
export async function waitingStatements(database: Pick<pg.Client, 'query'>, words: string): Promise<number> {
  // Inside a transaction the server would return the same snapshot again.
  await database.query('select pg_stat_clear_snapshot()');
  const { rows } = await database.query<{ n: number }>(
    `select count(*)::int as n from pg_stat_activity
     where datname = current_database() and pid <> pg_backend_pid() and wait_event_type = 'Lock' and query ilike $1`,
    [`%${words}%`],
  );
  return rows[0]?.n ?? 0;
}
