import { Test, type TestingModule } from '@nestjs/testing';
import { sql } from 'kysely';
import { Database } from '#platform/database/database';
import { DatabaseModule } from '#platform/database/database.module';
import { PlatformModule } from '#platform/platform.module';
import { environmentOfOwner } from '../../../../../../test/support/environment.js';
import { createTestDatabase, type TestDatabase } from '../../../../../../test/support/test-database.js';
import type { Purpose } from '../../domain/vendor-budget.js';
import { PostgresVendorBudget } from './postgres-vendor-budget.js';

const perMinute = 10;
const ordersPerDay = 15;
const limits = { requestsPerMinute: perMinute, requestsPerDay: 20, ordersPerDay };

describe('the budget of a vendor account', () => {
  let database: TestDatabase;
  let module: TestingModule;
  let budget: PostgresVendorBudget;
  let db: Database;
  let accounts = 0;

  beforeAll(async () => {
    database = await createTestDatabase();
    Object.assign(process.env, environmentOfOwner(database.url));
    module = await Test.createTestingModule({
      imports: [PlatformModule, DatabaseModule.forSchemas([])],
      providers: [PostgresVendorBudget],
    }).compile();
    await module.init();
    budget = module.get(PostgresVendorBudget);
    db = module.get(Database);
  });

  afterAll(async () => {
    await module.close();
    await database.drop();
  });

  const anAccount = (): string => `https://host#${(accounts += 1)}`;

  const takeUntilRefused = async (account: string, purpose: Purpose): Promise<number> => {
    for (let taken = 0; ; taken += 1) if (!(await budget.take(account, purpose, limits)).taken) return taken;
  };

  /** Moves the windows into the past, as if that much time had passed since they began. */
  const wait = (account: string, interval: string): Promise<number> =>
    db.affected(sql`update integrations.vendor_budget set started_at = started_at - ${interval}::interval
                    where account_key = ${account}`);

  const used = async (account: string): Promise<Record<string, number>> => {
    const rows = await db.rows(sql<{ span: string; used: number }>`
      select span, used from integrations.vendor_budget where account_key = ${account}`);
    return Object.fromEntries(rows.map((row) => [row.span, row.used]));
  };

  it('lets reads take their share at once and keeps the other shares, and orders use all of it', async () => {
    const account = anAccount();
    expect(await takeUntilRefused(account, 'read')).toBe(4);
    expect(await takeUntilRefused(account, 'order')).toBe(6);
  });

  it('keeps the share of every purpose although another took all that it could', async () => {
    const account = anAccount();
    await takeUntilRefused(account, 'read');
    expect(await takeUntilRefused(account, 'sweep')).toBe(3);
    expect(await takeUntilRefused(account, 'feed')).toBe(1);
    expect(await takeUntilRefused(account, 'order')).toBe(2);
  });

  it('lends unused shares to other purposes, more of them later in the window', async () => {
    const account = anAccount();
    expect(await takeUntilRefused(account, 'read')).toBe(4);
    await wait(account, '30 seconds');
    expect(await takeUntilRefused(account, 'read')).toBe(3);
    await wait(account, '28 seconds');
    expect(await takeUntilRefused(account, 'sweep')).toBe(2);
  });

  it('states how long a call must wait for its share, and takes it after that time', async () => {
    const account = anAccount();
    await takeUntilRefused(account, 'read');
    const refused = (await budget.take(account, 'read', limits)) as { retryAfterSeconds: number };
    expect(refused.retryAfterSeconds).toBeLessThanOrEqual(20);
    await wait(account, `${refused.retryAfterSeconds} seconds`);
    expect(await budget.take(account, 'read', limits)).toEqual({ taken: true });
  });

  it('caps paid orders per day, but not the calls that follow an order', async () => {
    const account = anAccount();
    for (let order = 1; order <= ordersPerDay; order += 1) {
      expect(await budget.take(account, 'order', limits)).toEqual({ taken: true });
      await wait(account, '61 seconds');
    }
    const refused = (await budget.take(account, 'order', limits)) as { taken: boolean; retryAfterSeconds: number };
    expect(refused.taken).toBe(false);
    expect(refused.retryAfterSeconds).toBeGreaterThan(23 * 3600);
    expect(await budget.take(account, 'urgent', limits)).toEqual({ taken: true });
    await wait(account, '1 day');
    expect(await budget.take(account, 'order', limits)).toEqual({ taken: true });
  });

  it("is under pressure above a quarter of the minute's calls, until the minute is over", async () => {
    const account = anAccount();
    expect(await budget.isUnderPressure(account, limits)).toBe(false);
    for (let call = 1; call <= 2; call += 1) await budget.take(account, 'read', limits);
    expect(await budget.isUnderPressure(account, limits)).toBe(false);
    await budget.take(account, 'read', limits);
    expect(await budget.isUnderPressure(account, limits)).toBe(true);
    await wait(account, '61 seconds');
    expect(await budget.isUnderPressure(account, limits)).toBe(false);
  });

  it('does not count a refused call, and states when to ask again', async () => {
    const account = anAccount();
    await takeUntilRefused(account, 'order');
    const refused = await budget.take(account, 'order', limits);
    expect(refused).toEqual({ taken: false, retryAfterSeconds: expect.any(Number) as number });
    const { retryAfterSeconds } = refused as { retryAfterSeconds: number };
    expect(retryAfterSeconds).toBeGreaterThan(50);
    expect(retryAfterSeconds).toBeLessThanOrEqual(60);
    expect(await used(account)).toEqual({ minute: perMinute, day: perMinute });
  });

  it('has room in a new minute until the day is used up', async () => {
    const account = anAccount();
    expect(await takeUntilRefused(account, 'urgent')).toBe(10);
    await wait(account, '61 seconds');
    expect(await takeUntilRefused(account, 'urgent')).toBe(10);
    await wait(account, '61 seconds');
    const refused = await budget.take(account, 'urgent', limits);
    expect(refused).toMatchObject({ taken: false });
    expect((refused as { retryAfterSeconds: number }).retryAfterSeconds).toBeGreaterThan(23 * 3600);
    await wait(account, '1 day');
    expect(await takeUntilRefused(account, 'order')).toBe(10);
    expect(await used(account)).toEqual({ minute: 10, day: 10 });
  });

  it('gives a call that was never sent back to the day, not to the minute [E15]', async () => {
    const account = anAccount();
    for (let call = 0; call < 3; call += 1) await budget.take(account, 'order', limits);
    await budget.giveBack(account, 'order');
    expect(await used(account)).toEqual({ minute: 3, day: 2 });
    await budget.giveBack(account, 'read');
    expect(await used(account)).toEqual({ minute: 3, day: 2 });
  });

  it('is separate for each account', async () => {
    await takeUntilRefused(anAccount(), 'order');
    expect(await budget.take(anAccount(), 'read', limits)).toEqual({ taken: true });
  });

  it('grants exactly what is left when many calls ask at once', async () => {
    const account = anAccount();
    const answers = await Promise.all(Array.from({ length: 40 }, () => budget.take(account, 'order', limits)));
    expect(answers.filter(({ taken }) => taken)).toHaveLength(perMinute);
    expect(await used(account)).toEqual({ minute: perMinute, day: perMinute });
  });
});
