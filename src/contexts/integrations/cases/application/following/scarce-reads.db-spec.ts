import { sql } from 'kysely';
import { VirtualDay } from '../../../../../../test/support/virtual-day.js';

describe('reads of one case while calls are scarce [B9]', () => {
  const day = new VirtualDay();
  beforeAll(async () => {
    await day.begin({ requestsPerMinute: 60, requestsPerDay: 7220 });
    await day.openCases(1, 1);
  }, 60_000);
  afterAll(() => day.end());

  /** Sets how many of this minute's calls are used, all of them for orders. */
  const use = async (calls: number): Promise<void> => {
    await day.db.affected(sql`delete from integrations.vendor_budget`);
    await day.db.affected(sql`
      insert into integrations.vendor_budget (account_key, span, started_at, used, used_for, last_call_at)
      values (${day.connection.accountKey}, 'minute', now(), ${calls}, jsonb_build_object('order', ${calls}::int), now())`);
  };
  /** How often cases were read in this minute. */
  const reads = async (): Promise<number> =>
    (
      await day.db.first(sql<{ read: number }>`
      select coalesce((used_for ->> 'read')::int, 0) as read from integrations.vendor_budget where span = 'minute'`)
    )?.read ?? 0;
  const reported = async (times: number): Promise<void> => {
    const [found] = day.account.cases;
    for (let n = 0; n < times && found; n += 1) {
      await day.changes(found, { lost: false });
      await day.work();
    }
  };

  it('happen for every event while there are plenty of calls', async () => {
    await use(0);
    await reported(3);
    expect(await reads()).toBe(3);
  });

  it('happen once for all events within ten seconds of a read, after those seconds', async () => {
    await day.db.affected(sql`update integrations.vendor_case set read_at = now() - interval '1 minute'`);
    await use(20);
    await reported(5);
    expect(await reads()).toBe(1);
    await day.db.affected(sql`update integrations.vendor_case set read_at = read_at - interval '11 seconds'`);
    const until = day.now + 15_000;
    while (day.now < until) {
      await day.advance(until);
      await day.work();
    }
    expect(await reads()).toBe(2);
    const state = await day.db.first(sql<{ state: string }>`select state from integrations.vendor_case`);
    expect(state?.state).toBe(day.account.cases[0]?.state);
  });
});
