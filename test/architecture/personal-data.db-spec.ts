import pg from 'pg';
import { schemas } from '../../src/schemas.js';
import { type ColumnKind, columnKinds } from '../../src/kernel/personal-data.js';
import { createTestDatabase, type TestDatabase } from '../support/test-database.js';

/** Every own column that can hold text, as `schema.table.column`. The queue's tables belong to pg-boss, and jobs hold only ids. */
const textColumns = `
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

describe('the classes of personal data of the columns in the live catalogue', () => {
  let database: TestDatabase;
  let client: pg.Client;
  let columns: Column[];

  beforeAll(async () => {
    database = await createTestDatabase();
    client = new pg.Client({ connectionString: database.url });
    await client.connect();
    columns = (await client.query<Column>(textColumns)).rows;
  });
  afterAll(async () => {
    await client.end();
    await database.drop();
  });

  it('cover every column that can hold text (src/kernel/personal-data.ts explains them)', () => {
    expect(columns.length).toBeGreaterThan(90);
    expect(columns.map(({ name }) => name).filter((name) => !listed.has(name))).toEqual([]);
  });

  it('are missing for a new column of any type, and the check finds it', async () => {
    await client.query(`
      begin;
      alter table hiring.candidate add nickname text, add notes jsonb, add aliases varchar(40)[], add address inet;
      create table access.badge (team_id uuid primary key, photo bytea)`);
    const { rows } = await client.query<Column>(textColumns);
    await client.query('rollback');
    expect(rows.map(({ name }) => name).filter((name) => !listed.has(name))).toEqual([
      'access.badge.photo',
      ...['address', 'aliases', 'nickname', 'notes'].map((column) => `hiring.candidate.${column}`),
    ]);
  });

  it('name only columns that exist', () => {
    const names = new Set(columns.map(({ name }) => name));
    expect([...listed.keys()].filter((name) => !names.has(name))).toEqual([]);
  });

  it('name no column twice', () => {
    const all = schemas.flatMap(({ name, columns: tables }) =>
      Object.entries(tables).flatMap(([table, kinds]) =>
        Object.values(kinds).flatMap((names) => names.split(' ').map((column) => `${name}.${table}.${column}`)),
      ),
    );
    expect(all.filter((name, nth) => all.indexOf(name) !== nth)).toEqual([]);
  });

  it('keep the planner from sampling columns that name a person or lead to a case', () => {
    const naming = columns.filter(({ name }) => ['candidate', 'user', 'case'].includes(listed.get(name) ?? ''));
    expect(naming.length).toBeGreaterThan(30);
    const sampled = naming.filter(({ samples }) => samples !== 0).map(({ name }) => name);
    // Case ids are random and used in joins: without samples the planner would not use the index.
    expect(sampled).toEqual(['integrations.case_directory.case_id', 'integrations.vendor_case.case_id']);
  });
});
