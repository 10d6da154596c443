import type pg from 'pg';

/** Tables that belong to no team, each with the reason. */
export const teamless: Record<string, string> = {
  'access.used_logout_token': 'spent tokens of the identity provider, which all teams share',
  'integrations.vendor_budget': 'belongs to the vendor account, which teams may share',
  'integrations.circuit_breaker': 'belongs to the vendor account, which teams may share',
  'platform.rate_limit': 'counts of a minute, by keys of the limiter’s own',
  'platform.fingerprint_key': 'keys of fingerprints belong to the installation',
  'platform.subscription': 'which queue gets which event is the same for all teams',
  'platform.database_identity': 'says which database this is',
  'platform.recurring_fault': 'scheduled tasks run for all teams; operators monitor them',
  'platform.migration': 'migrations belong to the installation',
};

const ours = `n.nspname not like 'pg\\_%' and n.nspname not in ('information_schema', 'queue')`;

/** Every table with a `team_id`, from the catalogue. */
export async function tablesOf(owner: pg.Client): Promise<string[]> {
  const { rows } = await owner.query<{ name: string }>(`
    select n.nspname || '.' || c.relname as name from pg_class c join pg_namespace n on n.oid = c.relnamespace
    where c.relkind in ('r', 'p') and ${ours}
      and exists (select from pg_attribute a where a.attrelid = c.oid and a.attname = 'team_id')
    order by 1`);
  return rows.map(({ name }) => name);
}

/** A value of a type. It differs each time where a key may require that. */
const some: Record<string, string> = {
  uuid: 'gen_random_uuid()',
  text: 'gen_random_uuid()::text',
  'timestamp with time zone': 'now()',
  integer: '1',
  bigint: '1',
  boolean: 'false',
  jsonb: `'{}'`,
  ARRAY: `'{}'`,
  bytea: 'gen_random_uuid()::text::bytea',
  xid8: 'pg_current_xact_id()',
};

/** Adds one row of each team to every table of teams, without check and foreign key constraints and without triggers: only the team matters. */
export async function fillEveryTable(owner: pg.Client, teams: string[]): Promise<void> {
  const { rows: checks } = await owner.query<{ statement: string }>(`
    select format('alter table %s drop constraint %I', c.conrelid::regclass, c.conname) as statement
    from pg_constraint c join pg_namespace n on n.oid = c.connamespace where c.contype in ('c', 'f') and ${ours}`);
  for (const { statement } of checks) await owner.query(statement);
  await owner.query('set session_replication_role = replica');
  for (const table of await tablesOf(owner)) {
    const [schema, name] = table.split('.');
    const { rows: columns } = await owner.query<{ column_name: string; data_type: string }>(
      `select column_name, data_type from information_schema.columns
       where table_schema = $1 and table_name = $2 and is_nullable = 'NO' and column_name <> 'team_id'
         and is_generated = 'NEVER' and is_identity = 'NO'`,
      [schema, name],
    );
    const names = columns.map(({ column_name: column }) => `"${column}"`);
    const values = columns.map(({ column_name: column, data_type: type }) => {
      const value = some[type];
      if (value === undefined)
        throw new Error(`${table}.${column} is ${type}: say in every-table.ts what it may hold.`);
      return value;
    });
    for (const team of teams)
      await owner.query(`insert into ${table} (${['team_id', ...names].join()}) values (${['$1', ...values].join()})`, [
        team,
      ]);
  }
  await owner.query('reset session_replication_role');
}
