import { sql } from 'kysely';
import { VirtualDay } from '../support/virtual-day.js';

const openCases = 20_000;
/** They come in bunches, as people work. */
const bunches = 72;
const changesAtOnce = 10;
const ordersAtOnce = 3;
const perDay = 7_220;
const daySeconds = 86_400;
const shares = { orders: 0.2, read: 0.4, sweep: 0.3, feed: 0.1 };

interface Round {
  began: number;
  took: number;
  interval: number;
  unconfirmed: number;
}

describe('a day with 20,000 open cases', () => {
  const day = new VirtualDay();
  beforeAll(async () => {
    const limits = { CERTN_REQUESTS_PER_MINUTE: '60', CERTN_REQUESTS_PER_DAY: String(perDay), SWEEP_SECONDS: '600' };
    await day.begin(limits);
    await day.openCases(openCases, 60);
  }, 60_000);
  afterAll(() => day.end());

  const sweep = () =>
    day.db.first(sql<{ interval_seconds: number; progress: { after?: unknown } }>`
      select interval_seconds, progress from integrations.round where kind = 'sweep'`);
  const window = () =>
    day.db.first(sql<{ used: number; used_for: Record<string, number>; left: number }>`
      select used, used_for, extract(epoch from started_at + interval '1 day' - clock_timestamp())::float8 as left
      from integrations.vendor_budget where span = 'day'`);
  const confirmedBefore = async (since: Date): Promise<number> =>
    (
      await day.db.first(sql<{ count: number }>`
      select count(*)::int as count from integrations.vendor_case where confirmed_at < ${since}`)
    )?.count ?? 0;

  it('keeps every purpose within its share, and confirms every case as often as shown', async () => {
    const rounds: Round[] = [];
    let began: { virtual: number; real: Date } | null = null;
    let [bunch, nextBunch] = [0, 0];
    let end = Infinity;
    while (day.now < end) {
      const before = { virtual: day.now, real: new Date() };
      await day.work();
      const standing = await sweep();
      if (standing?.progress.after) began ??= before;
      else if (began) {
        const took = (day.now - began.virtual) / 1000;
        const unconfirmed = await confirmedBefore(began.real);
        rounds.push({ began: began.virtual / 1000, took, interval: standing?.interval_seconds ?? 0, unconfirmed });
        began = null;
      }
      if (day.now >= nextBunch) {
        for (let n = 0; n < changesAtOnce; n += 1) {
          const found = day.account.cases[((bunch * changesAtOnce + n) * 7919) % openCases];
          if (found) await day.changes(found, { lost: n % 2 === 1 });
        }
        for (let n = 0; n < ordersAtOnce; n += 1) await day.order(`order-${bunch}-${n}@example.org`);
        bunch += 1;
        nextBunch = (bunch * daySeconds * 1000) / bunches;
      }
      // The day that is counted begins with its first call. A little earlier: what runs late must not fall into the next.
      if (end === Infinity) end = day.now + ((await window())?.left ?? Infinity) * 1000 - 5_000;
      await day.advance(Math.min(nextBunch, end));
    }
    const last = await window();
    report(last?.used_for ?? {}, last?.used ?? 0, rounds);
    const used = last?.used_for ?? {};
    expect(last?.used).toBeLessThanOrEqual(perDay);
    expect((used['order'] ?? 0) + (used['urgent'] ?? 0)).toBeLessThanOrEqual(shares.orders * perDay);
    for (const purpose of ['read', 'sweep', 'feed'] as const) {
      expect(used[purpose]).toBeLessThanOrEqual(shares[purpose] * perDay);
    }
    // Not by doing nothing: the day was swept as often as the share allows, and every round reached every case.
    expect(used['sweep']).toBeGreaterThan(0.9 * shares.sweep * perDay);
    expect(used['read']).toBeGreaterThan((bunches * changesAtOnce) / 2);
    expect(rounds.length).toBeGreaterThanOrEqual(8);
    for (const round of rounds) {
      expect(round.unconfirmed).toBe(0);
      expect(round.took).toBeLessThanOrEqual(1.02 * round.interval);
    }
  }, 900_000);

  function report(used: Record<string, number>, total: number, rounds: Round[]): void {
    const lines = (
      [
        ['orders', (used['order'] ?? 0) + (used['urgent'] ?? 0)],
        ['read', used['read'] ?? 0],
        ['sweep', used['sweep'] ?? 0],
        ['feed', used['feed'] ?? 0],
      ] as const
    ).map(
      ([share, calls]) => `  ${share.padEnd(7)} ${String(calls).padStart(5)} of ${Math.floor(shares[share] * perDay)}`,
    );
    const interval = rounds[0]?.interval ?? 0;
    const longest = Math.max(...rounds.map(({ took }) => took));
    process.stdout.write(
      [
        `${openCases} open cases, a virtual day: ${total} calls of ${perDay}`,
        ...lines,
        `  ${rounds.length} rounds; shown interval ${interval} s, longest ${Math.round(longest)} s`,
        '',
      ].join('\n'),
    );
  }
});
