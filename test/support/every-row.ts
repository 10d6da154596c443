import pg from 'pg';

/** Every row of every table of every schema, including the queue, as text. */
export async function everyRow(databaseUrl: string): Promise<string> {
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    const tables = await client.query<{ name: string }>(`
      select format('%I.%I', table_schema, table_name) as name from information_schema.tables
      where table_type = 'BASE TABLE' and table_schema not in ('pg_catalog', 'information_schema')`);
    const texts: string[] = [];
    for (const { name } of tables.rows) {
      const { rows } = await client.query<{ row: string }>(`select t::text as row from ${name} as t`);
      texts.push(...rows.map(({ row }) => `${name} ${row}`));
    }
    return texts.join('\n');
  } finally {
    await client.end();
  }
}

/** The planner's statistics about our columns, as text. Its samples outlive the rows they come from. */
export async function statistics(databaseUrl: string): Promise<string[]> {
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    const { rows } = await client.query<{ row: string }>(`
      select s::text as row from pg_stats s where schemaname not in ('pg_catalog', 'information_schema')`);
    return rows.map(({ row }) => row);
  } finally {
    await client.end();
  }
}

/** The rows that contain any of these values, in upper or lower case. */
export async function rowsWith(databaseUrl: string, values: readonly string[]): Promise<string[]> {
  const lines = (await everyRow(databaseUrl)).split('\n');
  return lines.filter((line) => values.some((value) => line.toLowerCase().includes(value.toLowerCase())));
}
