import { Test, type TestingModule } from '@nestjs/testing';
import { sql } from 'kysely';
import { Clock } from '#kernel/ports';
import { environmentOfOwner } from '../../../test/support/environment.js';
import { createTestDatabase, type TestDatabase } from '../../../test/support/test-database.js';
import { PlatformModule } from '../platform.module.js';
import { DatabaseClock } from './database-clock.js';
import { Database } from './database.js';
import { DatabaseModule } from './database.module.js';
import { acrossTeams } from './scope.js';

describe('the time', () => {
  const here = Date.now;
  let database: TestDatabase;
  let module: TestingModule;
  beforeAll(async () => {
    database = await createTestDatabase();
    Object.assign(process.env, environmentOfOwner(database.url));
  });
  afterEach(async () => {
    Date.now = here;
    await module?.close();
  });
  afterAll(() => database.drop());

  it.each([-600_000, 600_000])('is the database’s, on a machine whose clock is wrong by %d ms', async (wrongMs) => {
    Date.now = () => here() + wrongMs;
    module = await Test.createTestingModule({ imports: [PlatformModule, DatabaseModule.forSchemas([])] }).compile();
    await module.init();
    expect(Math.abs(await wrongBy(module.get(Clock)))).toBeLessThan(1_000);
  });

  it('does not jump when the database answers late', async () => {
    module = await Test.createTestingModule({ imports: [PlatformModule, DatabaseModule.forSchemas([])] }).compile();
    await module.init();
    const db = module.get(Database);
    // Every connection that the query could use is busy for a while.
    const taken = Array.from({ length: 3 }, () => acrossTeams('scheduling', () => db.rows(sql`select pg_sleep(1.6)`)));
    const clock = new DatabaseClock(db);
    await clock.onModuleInit();
    clock.onModuleDestroy();
    await Promise.all(taken);
    expect(Math.abs(await wrongBy(clock))).toBeLessThan(400);
  });

  async function wrongBy(clock: Clock): Promise<number> {
    const [row] = await module.get(Database).rows(sql<{ ms: number }>`
      select (extract(epoch from clock_timestamp()) * 1000)::float8 as ms`);
    return clock.now().getTime() - (row?.ms ?? 0);
  }
});
