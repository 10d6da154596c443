import pg from 'pg';
import { schemas } from '../../src/schemas.js';
import { type ColumnKind, columnKinds } from '../../src/platform/database/personal-data.js';
import { createTestDatabase, type TestDatabase } from '../support/test-database.js';

/** Every column of ours that can hold words, as `schema.table.column`. The queue's tables are pg-boss's; jobs hold ids only. */
const wordColumns = `
  select n.nspname || '.' || t.relname || '.' || a.attname as name, a.attstattarget as samples
  from pg_attribute a
  join pg_class t on t.oid = a.attrelid and t.relkind in ('r', 'p')
  join pg_namespace n on n.oid = t.relnamespace
  join pg_type y on y.oid = a.atttypid
  left join pg_type e on e.oid = y.typelem and y.typcategory = 'A'
  where a.attnum > 0 and not a.attisdropped
    and n.nspname not in ('pg_catalog', 'information_schema', 'pg_toast', 'queue')
    and (coalesce(e.typcategory, y.typcategory) = 'S' or coalesce(e.typname, y.typname) in ('json', 'jsonb', 'xml', 'bytea', 'inet')
      or n.nspname || '.' || t.relname || '.' || a.attname = 'access.user_account.linked_candidate_ids')
  order by 1`;

interface Column {
  name: string;
  samples: number | null;
}

const listed = new Map<string, ColumnKind>(
  schemas.flatMap(({ name: context, columns }) =>
    Object.entries(columns).flatMap(([table, kinds]) =>
      columnKinds.flatMap((kind) =>
        (kinds[kind] ?? '')
          .split(' ')
          .filter(Boolean)
          .map((column) => [`${context.replaceAll('-', '_')}.${table}.${column}`, kind] as const),
      ),
    ),
  ),
);

describe('what the columns of the live catalogue hold', () => {
  let database: TestDatabase;
  let client: pg.Client;
  let columns: Column[];

  beforeAll(async () => {
    database = await createTestDatabase();
    client = new pg.Client({ connectionString: database.url });
    await client.connect();
    columns = (await client.query<Column>(wordColumns)).rows;
  });
  afterAll(async () => {
    await client.end();
    await database.drop();
  });

  it('every column that can hold words is on the list of its context (src/platform/database/personal-data.ts says how)', () => {
    expect(columns.length).toBeGreaterThan(90);
    expect(columns.map(({ name }) => name).filter((name) => !listed.has(name))).toEqual([]);
  });

  it('a column that is new is noticed, whatever its type', async () => {
    await client.query(`
      begin;
      alter table hiring.candidate add nickname text, add notes jsonb, add aliases varchar(40)[], add address inet;
      create table access.badge (team_id uuid primary key, photo bytea)`);
    const { rows } = await client.query<Column>(wordColumns);
    await client.query('rollback');
    expect(rows.map(({ name }) => name).filter((name) => !listed.has(name))).toEqual([
      'access.badge.photo',
      ...['address', 'aliases', 'nickname', 'notes'].map((column) => `hiring.candidate.${column}`),
    ]);
  });

  it('every column on a list exists', () => {
    const names = new Set(columns.map(({ name }) => name));
    expect([...listed.keys()].filter((name) => !names.has(name))).toEqual([]);
  });

  it('no column is on a list twice', () => {
    const all = schemas.flatMap(({ name, columns: tables }) =>
      Object.entries(tables).flatMap(([table, kinds]) =>
        Object.values(kinds).flatMap((names) => names.split(' ').map((column) => `${name}.${table}.${column}`)),
      ),
    );
    expect(all.filter((name, nth) => all.indexOf(name) !== nth)).toEqual([]);
  });

  it('the planner keeps no samples of a column that names somebody or leads to a case', () => {
    const naming = columns.filter(({ name }) => ['candidate', 'user', 'case'].includes(listed.get(name) ?? ''));
    expect(naming.length).toBeGreaterThan(30);
    const sampled = naming.filter(({ samples }) => samples !== 0).map(({ name }) => name);
    // Cases are joined by their ids, random as they are: without samples the planner would not use the index.
    expect(sampled).toEqual(['integrations.case_directory.case_id', 'integrations.vendor_case.case_id']);
  });
});
