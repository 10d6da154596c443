import { Test, type TestingModule } from '@nestjs/testing';
import { sql } from 'kysely';
import { Database } from '#platform/database/database';
import { DatabaseModule } from '#platform/database/database.module';
import { PlatformModule } from '#platform/platform.module';
import { environment } from '../../../../../test/support/environment.js';
import { createTestDatabase, type TestDatabase } from '../../../../../test/support/test-database.js';
import { PostgresVendorBudget } from './postgres-vendor-budget.js';

const perMinute = 10;
const perDay = 20;

describe('the budget of a vendor account', () => {
  let database: TestDatabase;
  let module: TestingModule;
  let budget: PostgresVendorBudget;
  let db: Database;
  let accounts = 0;

  beforeAll(async () => {
    database = await createTestDatabase();
    const limits = { CERTN_REQUESTS_PER_MINUTE: String(perMinute), CERTN_REQUESTS_PER_DAY: String(perDay) };
    Object.assign(process.env, environment(database.url, limits));
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

  const takeUntilRefused = async (account: string, purpose: 'order' | 'read'): Promise<number> => {
    for (let taken = 0; ; taken += 1) if (!(await budget.take(account, purpose)).taken) return taken;
  };

  /** As if that much time had passed since the windows began. */
  const wait = (account: string, interval: string): Promise<number> =>
    db.affected(sql`update integrations.vendor_budget set started_at = started_at - ${interval}::interval
                    where account_key = ${account}`);

  const used = async (account: string): Promise<Record<string, number>> => {
    const rows = await db.rows(sql<{ span: string; used: number }>`
      select span, used from integrations.vendor_budget where account_key = ${account}`);
    return Object.fromEntries(rows.map((row) => [row.span, row.used]));
  };

  it('reads stop at four fifths, orders go on to the end', async () => {
    const account = anAccount();
    expect(await takeUntilRefused(account, 'read')).toBe(8);
    expect(await takeUntilRefused(account, 'order')).toBe(2);
  });

  it('a refused call is not counted and says when to ask again', async () => {
    const account = anAccount();
    await takeUntilRefused(account, 'order');
    const refused = await budget.take(account, 'order');
    expect(refused).toEqual({ taken: false, retryAfterSeconds: expect.any(Number) as number });
    const { retryAfterSeconds } = refused as { retryAfterSeconds: number };
    expect(retryAfterSeconds).toBeGreaterThan(50);
    expect(retryAfterSeconds).toBeLessThanOrEqual(60);
    expect(await used(account)).toEqual({ minute: perMinute, day: perMinute });
  });

  it('a new minute has room, until the day has none', async () => {
    const account = anAccount();
    expect(await takeUntilRefused(account, 'order')).toBe(10);
    await wait(account, '61 seconds');
    expect(await takeUntilRefused(account, 'order')).toBe(10);
    await wait(account, '61 seconds');
    const refused = await budget.take(account, 'order');
    expect(refused).toMatchObject({ taken: false });
    expect((refused as { retryAfterSeconds: number }).retryAfterSeconds).toBeGreaterThan(23 * 3600);
    await wait(account, '1 day');
    expect(await takeUntilRefused(account, 'order')).toBe(10);
    expect(await used(account)).toEqual({ minute: 10, day: 10 });
  });

  it('accounts have budgets of their own', async () => {
    await takeUntilRefused(anAccount(), 'order');
    expect(await budget.take(anAccount(), 'read')).toEqual({ taken: true });
  });

  it('many asking at once get exactly what there is', async () => {
    const account = anAccount();
    const answers = await Promise.all(Array.from({ length: 40 }, () => budget.take(account, 'order')));
    expect(answers.filter(({ taken }) => taken)).toHaveLength(perMinute);
    expect(await used(account)).toEqual({ minute: perMinute, day: perMinute });
  });
});
