import pg from 'pg';

/**
 * Every row of a database, copied into a freshly migrated one, as a dump of the data alone and its restore do it; PostgreSQL's
 * own programs are not there where npm brings the server. Jobs stay behind, and the audit log, which refuses to be replaced. Answers how many rows there were.
 */
export async function copyRows(fromUrl: string, toUrl: string): Promise<number> {
  const [from, to] = [fromUrl, toUrl].map((connectionString) => new pg.Client({ connectionString }));
  if (!from || !to) throw new Error('Two addresses are needed.');
  await Promise.all([from.connect(), to.connect()]);
  try {
    // As a restore does: no trigger, no order of tables.
    await to.query(`set session_replication_role = replica`);
    let copied = 0;
    for (const table of await tablesOf(from)) {
      const { rows } = await from.query<{ row: string }>(`select to_jsonb(t)::text as row from ${table} t`);
      await to.query(`delete from ${table}`);
      await to.query(`insert into ${table} select * from jsonb_populate_recordset(null::${table}, $1::jsonb)`, [
        `[${rows.map(({ row }) => row).join()}]`,
      ]);
      copied += rows.length;
    }
    return copied;
  } finally {
    await Promise.all([from.end(), to.end()]);
  }
}

async function tablesOf(client: pg.Client): Promise<string[]> {
  const { rows } = await client.query<{ name: string }>(`
    select format('%I.%I', n.nspname, c.relname) as name from pg_class c join pg_namespace n on n.oid = c.relnamespace
    where c.relkind = 'r' and c.relname not like 'audit\\_%' and n.nspname not like 'pg\\_%' and n.nspname not in ('information_schema', 'queue')
    order by 1`);
  return rows.map(({ name }) => name);
}
