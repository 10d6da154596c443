import pg from 'pg';
import { createTestDatabase, type TestDatabase } from '../support/test-database.js';

/** Tables and indexes that belong to no team, or that find the team; each with its reason. */
const exceptions: Record<string, string> = {
  'access.sign_in': 'the sign-in directory: finds the team of a token',
  'platform.database_identity': 'one row: says which database this is',
  'access.session': 'the sessions of browsers: finds the team of a cookie',
  'access.api_key_hash': 'finds the team of an API key',
  'access.service_account_by_client': 'finds the team of a machine client’s token',
  'access.used_logout_token': 'logout tokens of the identity provider, which is the installation’s',
  'integrations.case_directory': 'the case directory: finds the team of a webhook event',
  'integrations.vendor_budget': 'belongs to the vendor account, which teams may share',
  'integrations.circuit_breaker': 'belongs to the vendor account, which teams may share',
  'integrations.vendor_order_in_flight': 'in-flight addresses belong to the vendor account',
  'integrations.order_line': 'the queue of waiting orders belongs to the vendor account',
  'integrations.order_to_erase': 'work without a job is found over all teams',
  'integrations.vendor_case_by_revision': 'work without a job is found over all teams',
  'background_checks.background_check_to_cancel': 'work without a job is found over all teams',
  'background_checks.background_check_without_case': 'work without a job is found over all teams',
  'integrations.erased_case_by_case': 'a case that one team has erased must not become another’s',
  'integrations.order_undecided': 'teams that share an account could take each other’s case',
  'integrations.order_resent': 'resends are counted per vendor account',
  'platform.rate_limit': 'counts per minute, by the limiter’s own keys',
  'platform.fingerprint_key': 'keys of fingerprints belong to the installation',
  'platform.subscription': 'which queue gets which event is the same for all teams',
  'platform.subscription_of_event': 'events are looked up by kind when they are published',
  'platform.recurring_fault': 'recurring work runs for all teams; operators handle its faults',
  'platform.migration': 'migrations belong to the installation',
};

interface Key {
  table_name: string;
  index_name: string;
  first_column: string;
}

const keysOfOurTables = `
  select n.nspname || '.' || t.relname as table_name, n.nspname || '.' || i.relname as index_name,
         a.attname as first_column
  from pg_index x
  join pg_class t on t.oid = x.indrelid
  join pg_class i on i.oid = x.indexrelid
  join pg_namespace n on n.oid = t.relnamespace
  left join pg_attribute a on a.attrelid = t.oid and a.attnum = x.indkey[0]
  where t.relkind = 'r' and n.nspname not in ('pg_catalog', 'information_schema', 'pg_toast', 'queue')`;

describe('tenancy in the live catalogue', () => {
  let database: TestDatabase;
  let client: pg.Client;

  beforeAll(async () => {
    database = await createTestDatabase();
    client = new pg.Client({ connectionString: database.url });
    await client.connect();
  });

  afterAll(async () => {
    await client.end();
    await database.drop();
  });

  it('every own primary key, unique constraint and index starts with team_id', async () => {
    const { rows } = await client.query<Key>(keysOfOurTables);
    const astray = rows
      .filter((key) => key.first_column !== 'team_id')
      .filter((key) => !(key.table_name in exceptions) && !(key.index_name in exceptions));
    expect(rows.length).toBeGreaterThan(20);
    expect(astray).toEqual([]);
  });

  it('every exception listed here still exists', async () => {
    const { rows } = await client.query<{ name: string }>(`
      select n.nspname || '.' || c.relname as name from pg_class c join pg_namespace n on n.oid = c.relnamespace`);
    const names = new Set(rows.map((row) => row.name));
    expect(Object.keys(exceptions).filter((name) => !names.has(name))).toEqual([]);
  });

  it('every own table has a primary key', async () => {
    const { rows } = await client.query<{ name: string }>(`
      select n.nspname || '.' || t.relname as name from pg_class t join pg_namespace n on n.oid = t.relnamespace
      where t.relkind = 'r' and n.nspname not in ('pg_catalog', 'information_schema', 'queue')
        and not exists (select 1 from pg_index x where x.indrelid = t.oid and x.indisprimary)`);
    expect(rows).toEqual([]);
  });
});
