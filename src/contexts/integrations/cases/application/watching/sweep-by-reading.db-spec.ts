import { sql } from 'kysely';
import { usualCapabilities } from '../../../../../../test/support/fake-vendor.js';
import { VirtualDay } from '../../../../../../test/support/virtual-day.js';

describe('the sweep at a vendor without a list and a feed', () => {
  const day = new VirtualDay({ ...usualCapabilities, listByTime: false, eventsFeed: false });
  beforeAll(async () => {
    await day.begin({ requestsPerMinute: 60, requestsPerDay: 7220 });
    await day.openCases(3, 1);
  }, 60_000);
  afterAll(() => day.end());

  it('reads every open case, and so finds changes that no webhook announced', async () => {
    const [first, second] = day.account.cases;
    if (!first || !second) throw new Error('no cases');
    await day.changes(first, { lost: true });
    await day.changes(second, { lost: true });
    await day.everythingIsDue();
    await day.work();
    await day.work();
    const states = await day.db.rows(sql<{ state: string }>`
      select state from integrations.vendor_case order by ordered_at`);
    expect(states.map(({ state }) => state)).toEqual(['opened', 'opened', 'invited']);
  });

  it('plans as many calls for the next sweep as there are open cases', async () => {
    const sweep = await day.db.first(sql<{ progress: { lastCalls: number } }>`
      select progress from integrations.scheduled_task where kind = 'sweep'`);
    expect(sweep?.progress.lastCalls).toBe(3);
  });
});
