import { Test, type TestingModule } from '@nestjs/testing';
import { type RawBuilder, sql } from 'kysely';
import { environmentOfOwner } from '../../../test/support/environment.js';
import { createTestDatabase, type TestDatabase } from '../../../test/support/test-database.js';
import { Paging } from '../http/paging.js';
import { PlatformModule } from '../platform.module.js';
import { Database } from './database.js';
import { DatabaseModule } from './database.module.js';
import { type List, pageOf, sorted } from './list.js';

interface Lamp {
  id: string;
  made_at: Date;
}

/** Entries of a list long enough that a reader of all of them would show in the plan. */
const many = 6_000;

describe('A list that is read by cursors', () => {
  let database: TestDatabase;
  let module: TestingModule;
  let db: Database;

  beforeAll(async () => {
    database = await createTestDatabase();
    Object.assign(process.env, environmentOfOwner(database.url, { ROLE: 'api' }));
    module = await Test.createTestingModule({ imports: [PlatformModule, DatabaseModule.forSchemas([])] }).compile();
    module.useLogger(false);
    await module.init();
    db = module.get(Database);
    await db.affected(sql`create table lamp (room int not null, id uuid not null, made_at timestamptz not null)`);
    // Three of each moment, finer than a millisecond.
    await db.affected(sql`
      insert into lamp select 1, gen_random_uuid(), timestamptz '2026-01-01' + (nth / 3) * interval '7 microseconds'
      from generate_series(1, ${many}) nth`);
    await db.affected(sql`create index lamp_newest on lamp (room, made_at, id)`);
    await db.affected(sql`analyze lamp`);
  });
  afterAll(async () => {
    await module.close();
    await database.drop();
  });

  const lamps = (direction: 'asc' | 'desc'): List<Lamp, Lamp> => ({
    columns: sql`l.id, l.made_at`,
    found: sql`from lamp l where l.room = 1`,
    order: sorted(direction, 'l.made_at', 'l.id'),
    shown: (row) => row,
  });
  const reading = (after: readonly string[], perPage: number): Paging =>
    Object.assign(new Paging(), { per_page: perPage, after });
  const nextOf = (page: object): readonly string[] | null => (page as { next: readonly string[] | null }).next;

  it.each(['asc', 'desc'] as const)(
    'has each entry once, also those of one moment, in the order %s',
    async (direction) => {
      const ids: string[] = [];
      for (let after: readonly string[] | null = []; after !== null;) {
        const page: Awaited<ReturnType<typeof pageOf<Lamp, Lamp>>> = await pageOf(
          db,
          reading(after, 997),
          lamps(direction),
        );
        ids.push(...page.items.map(({ id }) => id));
        after = nextOf(page);
      }
      const all = await db.rows(sql<Lamp>`select id from lamp order by made_at, id`);
      const expected = all.map(({ id }) => id);
      expect(ids).toEqual(direction === 'asc' ? expected : expected.toReversed());
    },
  );

  it('is read on from the place by the index, however deep it is', async () => {
    const [deep] = await db.rows(sql<{ id: string; at: string }>`
      select id, (extract(epoch from made_at) * 1000000)::bigint::text as at from lamp order by made_at, id offset 3000 limit 1`);
    const plans: unknown[] = [];
    const explaining = Object.create(db, {
      rows: {
        value: async (query: RawBuilder<object>) => {
          plans.push(await db.rows(sql`explain (analyze, format json) ${query}`));
          return db.rows(query);
        },
      },
    }) as Database;
    const page = await pageOf(explaining, reading([deep?.at ?? '', deep?.id ?? ''], 10), lamps('desc'));
    expect(page.items).toHaveLength(10);
    const plan = JSON.stringify(plans);
    expect(plan).toContain('lamp_newest');
    expect(plan).toMatch(/"Index Cond":"[^"]*ROW\(made_at, id\) < ROW/);
    // Eleven rows are read: those of the page, and one that tells that there are more.
    expect(Math.max(...[...plan.matchAll(/"Actual Rows":(\d+)/g)].map(([, rows]) => Number(rows)))).toBe(11);
  });

  it('refuses a place that no cursor of it holds', async () => {
    for (const after of [['1'], ['x', 'y'], ['1', '2', '3']])
      await expect(pageOf(db, reading(after, 10), lamps('desc'))).rejects.toMatchObject({ reason: 'invalid_cursor' });
  });
});
