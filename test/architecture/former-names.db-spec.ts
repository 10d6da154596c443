import pg from 'pg';
import { v7 as uuidv7 } from 'uuid';
import { asService } from '../support/environment.js';
import { fillEveryTable } from '../support/every-table.js';
import { formerTables } from '../support/former-tables.js';
import { createTestDatabase, type TestDatabase } from '../support/test-database.js';

/** What `migrate` of 0.5 to 0.7 does to the rights of the service's roles: all of them on tables, only reading on views. */
const olderMigrate = (schema: string): string => `
  revoke all on all tables in schema ${schema} from ats_service, ats_across_teams;
  do $$ declare one record; begin
    for one in select c.oid::regclass as name, c.relkind as kind from pg_class c
               where c.relnamespace = '${schema}'::regnamespace and c.relkind in ('r', 'v') loop
      execute format('grant %s on %s to ats_service, ats_across_teams',
        case one.kind when 'v' then 'select' else 'select, insert, update, delete' end, one.name);
    end loop;
  end $$`;

describe('Tables under their former names', () => {
  let database: TestDatabase;
  let owner: pg.Client;
  let service: pg.Client;
  const [ours, theirs] = [uuidv7(), uuidv7()];

  beforeAll(async () => {
    database = await createTestDatabase();
    [owner, service] = [new pg.Client(database.url), new pg.Client(asService(database.url))];
    await Promise.all([owner.connect(), service.connect()]);
    await fillEveryTable(owner, [ours, theirs]);
    await owner.query(`insert into integrations.circuit_breaker (account_key) values ('https://h#k')`);
    for (const schema of ['integrations', 'background_checks']) await owner.query(olderMigrate(schema));
    await service.query(`select set_config('ats.team_id', $1, false)`, [ours]);
  });
  afterAll(async () => {
    await Promise.all([owner?.end(), service?.end()]);
    await database?.drop();
  });

  it('are the only ones that everybody may write to, as far as the table lets them', async () => {
    const { rows } = await owner.query<{ name: string }>(`
      select table_schema || '.' || table_name as name from information_schema.table_privileges
      where grantee = 'PUBLIC' and privilege_type = 'INSERT' order by 1`);
    expect(rows.map(({ name }) => name)).toEqual(formerTables);
  });

  it.each(formerTables)('%s can be read and written by the service of an older release, by team', async (view) => {
    const { rows: columns } = await owner.query<{ column_name: string }>(
      `select column_name from information_schema.columns
       where table_schema || '.' || table_name = $1 and is_updatable = 'YES' order by ordinal_position`,
      [view],
    );
    const names = columns.map(({ column_name: name }) => `"${name}"`).join();
    const { rows } = await service.query<{ row: object }>(`select to_jsonb(v) as row from ${view} v`);
    expect(rows).toHaveLength(1);
    expect((await service.query(`delete from ${view}`)).rowCount).toBe(1);
    await service.query(
      `insert into ${view} (${names}) select ${names} from jsonb_populate_record(null::${view}, $1) on conflict do nothing`,
      [rows[0]?.row],
    );
    expect((await service.query(`update ${view} set (${names}) = row(${names})`)).rowCount).toBe(1);
    const again = await service.query<{ row: object }>(`select to_jsonb(v) - 'ctid' as row from ${view} v`);
    expect([{ ...again.rows[0]?.row, ctid: null }]).toEqual(rows.map(({ row }) => ({ ...row, ctid: null })));
  });
});
