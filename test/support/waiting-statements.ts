import type pg from 'pg';

/**
 * How many statements wait for a lock in this very database, and hold these words (`%` for anything between). Workers wait
 * for other things, and other suites share the server: a test names what it means.
 */
export async function waitingStatements(database: Pick<pg.Client, 'query'>, words: string): Promise<number> {
  // Inside a transaction the server would show the same picture again.
  await database.query('select pg_stat_clear_snapshot()');
  const { rows } = await database.query<{ n: number }>(
    `select count(*)::int as n from pg_stat_activity
     where datname = current_database() and pid <> pg_backend_pid() and wait_event_type = 'Lock' and query ilike $1`,
    [`%${words}%`],
  );
  return rows[0]?.n ?? 0;
}
