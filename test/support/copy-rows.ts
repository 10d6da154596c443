import pg from 'pg';

/**
 * Copies every row of a database into a freshly migrated one, like a data-only dump and its restore. PostgreSQL's own programs
 * are missing where the server comes from npm. Jobs are not copied, and neither is the audit log, which refuses replacement.
 * Resolves to the number of rows.
 */
export async function copyRows(fromUrl: string, toUrl: string): Promise<number> {
  const [from, to] = [fromUrl, toUrl].map((connectionString) => new pg.Client({ connectionString }));
  if (!from || !to) throw new Error('Two addresses are needed.');
  await Promise.all([from.connect(), to.connect()]);
  try {
    // Like a restore: without triggers, and in any order of tables.
    await to.query(`set session_replication_role = replica`);
    let copied = 0;
    for (const table of await tablesOf(from)) {
      const { rows } = await from.query<{ row: string }>(`select to_jsonb(t)::text as row from ${table} t`);
      await to.query(`delete from ${table}`);
      const columns = (await columnsOf(to, table)).join();
      await to.query(
        `insert into ${table} (${columns}) overriding system value select ${columns} from jsonb_populate_recordset(null::${table}, $1::jsonb)`,
        [`[${rows.map(({ row }) => row).join()}]`],
      );
      copied += rows.length;
    }
    return copied;
  } finally {
    await Promise.all([from.end(), to.end()]);
  }
}

/** Without generated ones, which a dump leaves out, too. */
async function columnsOf(client: pg.Client, table: string): Promise<string[]> {
  const { rows } = await client.query<{ name: string }>(
    `select quote_ident(attname) as name from pg_attribute
     where attrelid = $1::regclass and attnum > 0 and not attisdropped and attgenerated = ''`,
    [table],
  );
  return rows.map(({ name }) => name);
}

async function tablesOf(client: pg.Client): Promise<string[]> {
  const { rows } = await client.query<{ name: string }>(`
    select format('%I.%I', n.nspname, c.relname) as name from pg_class c join pg_namespace n on n.oid = c.relnamespace
    where c.relkind = 'r' and c.relname not like 'audit\\_%' and n.nspname not like 'pg\\_%' and n.nspname not in ('information_schema', 'queue')
    order by 1`);
  return rows.map(({ name }) => name);
}
