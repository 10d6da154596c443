import { Test, type TestingModule } from '@nestjs/testing';
import { sql } from 'kysely';
import pg from 'pg';
import { UnitOfWork } from '#kernel/ports';
import { environmentOfOwner } from '../../../test/support/environment.js';
import { eventually } from '../../../test/support/eventually.js';
import { createTestDatabase, type TestDatabase } from '../../../test/support/test-database.js';
import { PlatformModule } from '../platform.module.js';
import { Database } from './database.js';
import { DatabaseModule } from './database.module.js';

describe('a unit of work that fails because of a conflict or a broken connection', () => {
  let database: TestDatabase;
  let module: TestingModule;
  let db: Database;
  let unitOfWork: UnitOfWork;
  let admin: pg.Client;

  beforeAll(async () => {
    database = await createTestDatabase();
    Object.assign(process.env, environmentOfOwner(database.url, { ROLE: 'api' }));
    module = await Test.createTestingModule({ imports: [PlatformModule, DatabaseModule.forSchemas([])] }).compile();
    module.useLogger(false);
    await module.init();
    db = module.get(Database);
    unitOfWork = module.get(UnitOfWork);
    admin = new pg.Client({ connectionString: database.url });
    await admin.connect();
    await db.affected(sql`create table lamp (name text primary key, lit int not null)`);
    await db.affected(sql`insert into lamp values ('left', 0), ('right', 0)`);
  });

  afterAll(async () => {
    await admin.end();
    await module.close();
    await database.drop();
  });

  const light = (name: string): Promise<number> => db.affected(sql`update lamp set lit = lit + 1 where name = ${name}`);
  const lit = async (name: string): Promise<number | undefined> =>
    (await db.first<{ lit: number }>(sql`select lit from lamp where name = ${name}`))?.lit;
  const cutOwnConnection = async (): Promise<void> => {
    const own = await db.first<{ pid: number }>(sql`select pg_backend_pid() as pid`);
    await admin.query('select pg_terminate_backend($1, 5000)', [own?.pid]);
  };

  it('two that conflict both succeed in the end, once each [D6]', async () => {
    const before = [await lit('left'), await lit('right')];
    let runs = 0;
    let meet: (() => void) | undefined;
    const met = new Promise<void>((resolve) => (meet = resolve));
    const both = async (first: string, second: string): Promise<void> => {
      await unitOfWork.run(async () => {
        await light(first);
        if ((runs += 1) === 2) meet?.();
        await met;
        await light(second);
      });
    };
    await Promise.all([both('left', 'right'), both('right', 'left')]);
    expect(runs).toBe(3);
    expect([await lit('left'), await lit('right')]).toEqual(before.map((count) => (count ?? 0) + 2));
  });

  it('is run again when its connection was cut before the commit, with one effect [D3]', async () => {
    const before = (await lit('left')) ?? 0;
    let runs = 0;
    await unitOfWork.run(async () => {
      await light('left');
      if ((runs += 1) === 1) await cutOwnConnection();
      await light('left');
    });
    expect(runs).toBe(2);
    expect(await lit('left')).toBe(before + 2);
  });

  it('is not run again when the connection was cut at the commit: its outcome is unknown [D4]', async () => {
    let runs = 0;
    const cutAtTheEnd = unitOfWork.run(async () => {
      runs += 1;
      await light('left');
      await cutOwnConnection();
    });
    await expect(cutAtTheEnd).rejects.toThrow(/terminat|queryable/);
    expect(runs).toBe(1);
  });

  it('no connection is lost to the pool by a cut at any moment [D3]', async () => {
    for (let n = 0; n < 40; n++) {
      const when = n % 2;
      let runs = 0;
      const cut = unitOfWork.run(async () => {
        runs += 1;
        await light('left');
        if (runs === 1 || when === 0) await cutOwnConnection();
        if (when === 1) await light('left');
      });
      await cut.catch(() => undefined);
    }
    expect(await lit('left')).toBeGreaterThan(0);
  });

  it('is not run again after any other error', async () => {
    let runs = 0;
    const wrong = unitOfWork.run(async () => {
      runs += 1;
      await db.affected(sql`insert into lamp values ('left', 0)`);
    });
    await expect(wrong).rejects.toThrow();
    expect(runs).toBe(1);
  });

  it('a read outside of one is repeated when its connection breaks; a write is not [D3]', async () => {
    const reading = db.rows<{ ok: number }>(sql`select 1 as ok from pg_sleep(0.5)`);
    const writing = db.affected(sql`update lamp set lit = lit + 1 where name = 'right' and pg_sleep(0.5) is not null`);
    const failure = expect(writing).rejects.toThrow();
    const busy = `select pid from pg_stat_activity where datname = current_database() and query like '%pg_sleep(0.5)%'
      and state = 'active' and pid <> pg_backend_pid()`;
    const { rows } = await eventually(
      'both are running',
      () => admin.query<{ pid: number }>(busy),
      (found) => found.rowCount === 2,
    );
    for (const { pid } of rows) await admin.query('select pg_terminate_backend($1)', [pid]);
    expect(await reading).toEqual([{ ok: 1 }]);
    await failure;
  });
});
