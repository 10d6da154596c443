import { Test, type TestingModule } from '@nestjs/testing';
import { sql } from 'kysely';
import pg from 'pg';
import { UnitOfWork } from '#kernel/ports';
import { environmentOfOwner } from '../../../test/support/environment.js';
import { createTestDatabase, type TestDatabase } from '../../../test/support/test-database.js';
import { PlatformModule } from '../platform.module.js';
import { Database } from './database.js';
import { DatabaseModule } from './database.module.js';

describe('Statements that a connection sends again and again', () => {
  let database: TestDatabase;
  let module: TestingModule;
  let db: Database;
  let unitOfWork: UnitOfWork;
  let owner: pg.Client;

  beforeAll(async () => {
    database = await createTestDatabase();
    Object.assign(process.env, environmentOfOwner(database.url, { ROLE: 'api' }));
    module = await Test.createTestingModule({ imports: [PlatformModule, DatabaseModule.forSchemas([])] }).compile();
    module.useLogger(false);
    await module.init();
    db = module.get(Database);
    unitOfWork = module.get(UnitOfWork);
    owner = new pg.Client({ connectionString: database.url });
    await owner.connect();
    await owner.query(
      `create table lamp (name text primary key, lit int not null); insert into lamp values ('left', 0)`,
    );
  });

  afterAll(async () => {
    await owner.end();
    await module.close();
    await database.drop();
  });

  const read = (): Promise<object | null> => db.first(sql<object>`select * from lamp where name = ${'left'}`);
  const times = async (count: number, act: () => Promise<unknown>): Promise<void> => {
    for (let nth = 0; nth < count; nth += 1) await act();
  };
  const prepared = async (text: string): Promise<number> => {
    const rows = await db.rows(sql<{ n: number }>`
      select count(*)::int as n from pg_prepared_statements where statement like ${`%${text}%`}`);
    return rows[0]?.n ?? 0;
  };

  it('are prepared once, and planned for the values of each call', async () => {
    await times(6, read);
    expect(await prepared('from lamp where name')).toBe(1);
    const setting = await db.first<{ plan_cache_mode: string }>(sql`show plan_cache_mode`);
    expect(setting).toEqual({ plan_cache_mode: 'force_custom_plan' });
  });

  it('work when a migration has changed their table since', async () => {
    await times(4, read);
    await owner.query('alter table lamp add column colour text');
    expect(await read()).toEqual({ name: 'left', lit: 0, colour: null });
    expect(await read()).toEqual({ name: 'left', lit: 0, colour: null });
  });

  it('work on all connections when a migration has changed their table since', async () => {
    const atOnce = (): Promise<unknown[]> => Promise.all(Array.from({ length: 8 }, () => unitOfWork.run(read)));
    await times(4, atOnce);
    await owner.query('alter table lamp add column height int');
    const lamp = { name: 'left', lit: 0, colour: null, height: null };
    expect(await atOnce()).toEqual(Array.from({ length: 8 }, () => lamp));
    expect(await Promise.all(Array.from({ length: 8 }, read))).toEqual(Array.from({ length: 8 }, () => lamp));
    await owner.query('alter table lamp drop column height');
    await Promise.all(Array.from({ length: 8 }, read));
  });

  it('work inside a transaction when a migration has changed their table since: it is run again', async () => {
    await times(4, () => unitOfWork.run(read));
    await owner.query('alter table lamp add column watts int');
    let runs = 0;
    const seen = await unitOfWork.run(() => {
      runs += 1;
      return read();
    });
    expect([seen, runs]).toEqual([{ name: 'left', lit: 0, colour: null, watts: null }, 2]);
  });

  it('work after one of them failed, also in a transaction that the failure ended', async () => {
    const divide = (by: number): Promise<{ n: number } | null> =>
      db.first(sql<{ n: number }>`select 6 / ${by}::int as n`);
    await times(4, () => divide(2));
    await expect(divide(0)).rejects.toThrow('division by zero');
    expect(await divide(3)).toEqual({ n: 2 });
    const ended = unitOfWork.run(async () => {
      await divide(0).catch(() => undefined);
      await read();
    });
    await expect(ended).rejects.toThrow('current transaction is aborted');
    expect(await divide(6)).toEqual({ n: 1 });
    expect(await read()).toMatchObject({ name: 'left' });
  });

  it('are kept up to a number: texts that come once or twice are not', async () => {
    await times(2, () => db.rows(sql`select 'rare' as often`));
    expect(await prepared(`select 'rare' as often`)).toBe(0);
    for (let kind = 0; kind < 200; kind += 1) await times(4, () => db.rows(sql`select ${sql.lit(kind)} as kind`));
    const { n } = (await db.first<{ n: number }>(sql`select count(*)::int as n from pg_prepared_statements`)) ?? {
      n: 0,
    };
    expect(n).toBeGreaterThan(50);
    expect(n).toBeLessThanOrEqual(120);
    // Those used last are kept, not those that came first.
    expect([await prepared('select 199 as kind'), await prepared('select 0 as kind')]).toEqual([1, 0]);
  });
});
