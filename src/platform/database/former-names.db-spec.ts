import pg from 'pg';
import { createTestDatabase, type TestDatabase } from '../../../test/support/test-database.js';
import { lockTables, renameTables } from './former-names.js';

const rename = renameTables([
  {
    schema: 'parlour',
    from: 'lamp',
    to: 'order',
    columns: 'team_id id name burning=lit made_at',
    keptIndexes: ['lamp_name'],
    byPlace: true,
  },
  { schema: 'parlour', from: 'chair', to: 'seat', columns: 'id' },
]);

describe('A table that is renamed while an older release runs', () => {
  let database: TestDatabase;
  let owner: pg.Client;
  let older: pg.Client;

  beforeEach(async () => {
    database = await createTestDatabase();
    [owner, older] = [new pg.Client(database.url), new pg.Client(database.url)];
    await Promise.all([owner.connect(), older.connect()]);
    await owner.query(`
      create schema parlour;
      create table parlour.lamp (team_id int not null, id int not null, name text, lit boolean not null default true,
        made_at timestamptz(3) not null default now(), primary key (team_id, id));
      create unique index lamp_name on parlour.lamp (team_id, name) where lit;
      create index lamp_by_age on parlour.lamp (made_at);
      create table parlour.chair (id int primary key);
      insert into parlour.lamp (team_id, id, name) values (1, 1, 'left'), (2, 1, 'other')`);
  });
  afterEach(async () => {
    await Promise.all([owner.end(), older.end()]);
    await database.drop();
  });

  async function renamed(): Promise<void> {
    await owner.query('begin');
    for (const statement of rename) await owner.query(statement);
    await owner.query('commit');
  }
  const rows = async (text: string, client = owner): Promise<unknown[]> => (await client.query<object>(text)).rows;

  it('is read and written under its old names, as before', async () => {
    await renamed();
    const lit = await rows(
      `insert into parlour.lamp as l (team_id, id, name) values (1, 1, 'left')
       on conflict (team_id, id) do update set lit = not l.lit, name = excluded.name || l.name where l.lit returning *, lit as was`,
      older,
    );
    expect(lit).toMatchObject([{ id: 1, name: 'leftleft', lit: false, was: false }]);
    const added = `insert into parlour.lamp (team_id, id, name) values (1, 2, 'x') on conflict (team_id, name) where lit do nothing`;
    expect([(await older.query(added)).rowCount, (await older.query(added)).rowCount]).toEqual([1, 0]);
    expect(await rows('select id, burning from parlour.order where team_id = 1 order by id')).toEqual([
      { id: 1, burning: false },
      { id: 2, burning: true },
    ]);
  });

  it('locks the same rows under both names, and deletes them by their place', async () => {
    await renamed();
    await owner.query('begin');
    await owner.query('select 1 from parlour.order where team_id = 1 for update');
    const free = 'select team_id from parlour.lamp l order by team_id for update of l skip locked';
    expect(await rows(free, older)).toEqual([{ team_id: 2 }]);
    await owner.query('rollback');
    const gone = await older.query(
      'delete from parlour.lamp where ctid = any(array(select t.ctid from parlour.lamp t where team_id = 2 for update skip locked))',
    );
    expect(gone.rowCount).toBe(1);
    expect(await rows('select team_id from parlour.order')).toEqual([{ team_id: 1 }]);
  });

  it('goes on with statements that connections have prepared before', async () => {
    const prepared = [
      { name: 'read', text: 'select lit, name from parlour.lamp where team_id = $1', values: [1] },
      { name: 'write', text: 'update parlour.lamp set lit = lit where team_id = $1 returning id', values: [1] },
    ];
    for (const statement of prepared) await older.query(statement);
    await renamed();
    expect((await older.query<object>(prepared[0] ?? '')).rows).toEqual([{ lit: true, name: 'left' }]);
    expect((await older.query(prepared[1] ?? '')).rowCount).toBe(1);
  });

  it('gives its indexes the new name, but keeps the one that an older release reads in an error', async () => {
    await renamed();
    const names = await rows(`select indexname from pg_indexes where schemaname = 'parlour' order by 1`);
    expect(names).toEqual(['lamp_name', 'order_by_age', 'order_pkey', 'seat_pkey'].map((indexname) => ({ indexname })));
    await expect(
      older.query(`insert into parlour.lamp (team_id, id, name) values (1, 3, 'left')`),
    ).rejects.toMatchObject({ code: '23505', constraint: 'lamp_name' });
  });

  it('waits for all of its locks without keeping any of them, and passes over tables that do not exist', async () => {
    await older.query('begin; select 1 from parlour.chair');
    await owner.query('begin');
    const waiting = owner.query(lockTables(['parlour.lamp', 'parlour.no_such_table', 'parlour.chair']));
    const other = new pg.Client(database.url);
    await other.connect();
    // Each of these would wait for the whole minute if the lock on the lamps were kept.
    for (let id = 3; id < 9; id += 1) await other.query(`insert into parlour.lamp (team_id, id) values (1, ${id})`);
    await older.query('commit');
    await waiting;
    const locked = await rows(
      `select relation::regclass::text as table from pg_locks where mode = 'AccessExclusiveLock' and relation::regclass::text like 'parlour.%' order by 1`,
      other,
    );
    expect(locked).toEqual([{ table: 'parlour.chair' }, { table: 'parlour.lamp' }]);
    await owner.query('rollback');
    await other.end();
  });

  it('never blocks a transaction that locks its tables in another order', async () => {
    await older.query('begin; select 1 from parlour.chair');
    const waiting = renamed();
    // By now the migration has the lamps and waits for the chairs, or it will be so in a moment.
    await older.query(`select pg_sleep(0.1); insert into parlour.lamp (team_id, id) values (1, 2)`);
    for (let id = 3; id < 9; id += 1) {
      const other = new pg.Client(database.url);
      await other.connect();
      await other.query(`insert into parlour.lamp (team_id, id) values (1, ${id})`);
      await other.end();
    }
    await older.query('commit');
    await waiting;
    expect(await rows('select count(*)::int as n from parlour.order where team_id = 1')).toEqual([{ n: 8 }]);
  });

  it('shows a reader no more than the table does', async () => {
    const reader = `parlour_${Math.random().toString(36).slice(2)}`;
    await owner.query(`create role ${reader} nologin; grant usage on schema parlour to ${reader};
      grant select, update on parlour.lamp to ${reader}; alter table parlour.lamp enable row level security;
      create policy mine on parlour.lamp to ${reader} using (team_id = 1)`);
    try {
      await renamed();
      await older.query(`set role ${reader}`);
      expect(await rows('select team_id from parlour.lamp', older)).toEqual([{ team_id: 1 }]);
      expect((await older.query('update parlour.lamp set lit = false')).rowCount).toBe(1);
      await expect(older.query('delete from parlour.lamp')).rejects.toThrow('permission denied for table order');
      await expect(older.query('update parlour.lamp set team_id = 2')).rejects.toThrow('row-level security');
      await expect(older.query('select 1 from parlour.chair')).rejects.toThrow('permission denied for table seat');
    } finally {
      await older.query('reset role');
      await owner.query(`drop schema parlour cascade; drop role ${reader}`);
    }
  });
});
