import { sql } from 'kysely';
import { VirtualDay } from '../support/virtual-day.js';

const cases = 1_000;
const minuteMs = 60_000;

/** `minutes` on the virtual clock until every case is up to date; `calls` to the vendor in that time. */
interface Healing {
  minutes: number;
  calls: Record<string, number>;
}

async function heal(how: { feed: boolean }): Promise<Healing> {
  const day = new VirtualDay();
  try {
    const limits = { requestsPerMinute: 60, requestsPerDay: 7220 };
    await day.begin(limits, { SWEEP_SECONDS: '600' });
    await day.openCases(cases, 30);
    day.vendor.feedIsBroken = !how.feed;
    for (const found of day.account.cases) await day.changes(found, { lost: true });
    await day.everythingIsDue();
    const began = day.now;
    const outdated = () =>
      day.db.first(sql<{ count: number }>`
        select count(*)::int as count from integrations.vendor_case where state <> 'opened'`);
    while (((await outdated())?.count ?? 0) > 0 && day.now - began < 60 * minuteMs) {
      await day.work();
      await day.advance(Infinity);
    }
    const minutes = (day.now - began) / minuteMs;
    const window = await day.db.first(sql<{ used_for: Record<string, number> }>`
      select used_for from integrations.vendor_budget where span = 'day'`);
    return { minutes, calls: window?.used_for ?? {} };
  } finally {
    await day.end();
  }
}

describe('after an outage in which all webhooks were lost [P12]', () => {
  it.each([
    ['with the list alone', { feed: false }],
    ['with the events feed', { feed: true }],
  ])(
    'updates 1,000 open cases within 15 minutes, %s [P12, E16]',
    async (name, how) => {
      const { minutes, calls } = await heal(how);
      process.stdout.write(
        `P12: ${cases} cases healed in ${minutes.toFixed(1)} min ${name}: ${JSON.stringify(calls)}\n`,
      );
      expect(minutes).toBeLessThanOrEqual(15);
      const all = Object.values(calls).reduce((sum, n) => sum + n, 0);
      expect(all).toBeLessThanOrEqual(60 * Math.ceil(minutes + 1));
      // Cases are read by list: one call for each case would be 1,000 calls.
      expect(all).toBeLessThan(cases / 5);
    },
    300_000,
  );
});
