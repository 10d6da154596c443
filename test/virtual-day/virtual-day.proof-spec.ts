import { sql } from 'kysely';
import { VirtualDay } from '../support/virtual-day.js';

const openCases = 20_000;
/** Changes and orders come in batches, as people work. */
const batches = 72;
const changesPerBatch = 10;
const ordersPerBatch = 3;
const perDay = 7_220;
const daySeconds = 86_400;
const shares = { orders: 0.2, read: 0.4, sweep: 0.3, feed: 0.1 };

interface Sweep {
  began: number;
  took: number;
  interval: number;
  unconfirmed: number;
}

describe('a day with 20,000 open cases', () => {
  const day = new VirtualDay();
  beforeAll(async () => {
    const limits = { requestsPerMinute: 60, requestsPerDay: perDay };
    await day.begin(limits, { SWEEP_SECONDS: '600' });
    await day.openCases(openCases, 60);
  }, 60_000);
  afterAll(() => day.end());

  const sweepTask = () =>
    day.db.first(sql<{ interval_seconds: number; progress: { after?: unknown } }>`
      select interval_seconds, progress from integrations.scheduled_task where kind = 'sweep'`);
  const window = () =>
    day.db.first(sql<{ used: number; used_for: Record<string, number>; left: number }>`
      select used, used_for, extract(epoch from started_at + interval '1 day' - clock_timestamp())::float8 as left
      from integrations.vendor_budget where span = 'day'`);
  const confirmedBefore = async (since: Date): Promise<number> =>
    (
      await day.db.first(sql<{ count: number }>`
      select count(*)::int as count from integrations.vendor_case where confirmed_at < ${since}`)
    )?.count ?? 0;

  it('keeps every purpose within its share, and confirms every case within the shown interval', async () => {
    const sweeps: Sweep[] = [];
    let began: { virtual: number; real: Date } | null = null;
    let [batch, nextBatch] = [0, 0];
    let end = Infinity;
    while (day.now < end) {
      const before = { virtual: day.now, real: new Date() };
      await day.work();
      const task = await sweepTask();
      if (task?.progress.after) began ??= before;
      else if (began) {
        const took = (day.now - began.virtual) / 1000;
        const unconfirmed = await confirmedBefore(began.real);
        sweeps.push({ began: began.virtual / 1000, took, interval: task?.interval_seconds ?? 0, unconfirmed });
        began = null;
      }
      if (day.now >= nextBatch) {
        for (let n = 0; n < changesPerBatch; n += 1) {
          const found = day.account.cases[((batch * changesPerBatch + n) * 7919) % openCases];
          if (found) await day.changes(found, { lost: n % 2 === 1 });
        }
        for (let n = 0; n < ordersPerBatch; n += 1) await day.order(`order-${batch}-${n}@example.org`);
        batch += 1;
        nextBatch = (batch * daySeconds * 1000) / batches;
      }
      // The budget's day begins with its first call. The run ends 5 s earlier, so a late call does not fall into the next day.
      if (end === Infinity) end = day.now + ((await window())?.left ?? Infinity) * 1000 - 5_000;
      await day.advance(Math.min(nextBatch, end));
    }
    const last = await window();
    report(last?.used_for ?? {}, last?.used ?? 0, sweeps);
    const used = last?.used_for ?? {};
    expect(last?.used).toBeLessThanOrEqual(perDay);
    expect((used['order'] ?? 0) + (used['urgent'] ?? 0)).toBeLessThanOrEqual(shares.orders * perDay);
    for (const purpose of ['read', 'sweep', 'feed'] as const) {
      expect(used[purpose]).toBeLessThanOrEqual(shares[purpose] * perDay);
    }
    // The limits are not kept by doing nothing: sweeps use their share, and every sweep reaches every case.
    expect(used['sweep']).toBeGreaterThan(0.9 * shares.sweep * perDay);
    expect(used['read']).toBeGreaterThan((batches * changesPerBatch) / 2);
    expect(sweeps.length).toBeGreaterThanOrEqual(8);
    for (const { unconfirmed, took, interval } of sweeps) {
      expect(unconfirmed).toBe(0);
      expect(took).toBeLessThanOrEqual(1.02 * interval);
    }
  }, 900_000);

  function report(used: Record<string, number>, total: number, sweeps: Sweep[]): void {
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
    const interval = sweeps[0]?.interval ?? 0;
    const longest = Math.max(...sweeps.map(({ took }) => took));
    process.stdout.write(
      [
        `${openCases} open cases, a virtual day: ${total} calls of ${perDay}`,
        ...lines,
        `  ${sweeps.length} sweeps; shown interval ${interval} s, longest ${Math.round(longest)} s`,
        '',
      ].join('\n'),
    );
  }
});
