import { checkInvariants } from './invariants.ts';
import { patience, type Harness, startHarness } from './harness.ts';
import type { HarnessTeam } from './harness-team.ts';

/** Certn is away as a whole, or wants to be left alone; two replicas share what they know of it. */
describe('an outage at Certn', () => {
  let harness: Harness;

  beforeAll(async () => {
    harness = await startHarness({ env: { ORDER_VISIBILITY_LAG_SECONDS: '4' } });
  }, patience);
  afterEach(() => harness?.calm(), patience);
  afterAll(() => harness?.close(), patience);

  /** How many orders of an account may be on their way when the fifth of them fails: four workers on each replica. */
  const onTheirWay = 4 + 2 * 4;
  const openings = async (): Promise<number> =>
    (
      await harness.rows<{ n: number }>('select coalesce(max(openings), 0)::int as n from integrations.vendor_breaker')
    )[0]?.n ?? 0;
  const statusesOf = async (team: HarnessTeam): Promise<Record<string, number>> => {
    const sql = 'select state, count(*)::int as n from integrations.vendor_order where team_id = $1 group by state';
    const rows = await harness.rows<{ state: string; n: number }>(sql, [team.teamId]);
    return Object.fromEntries(rows.map(({ state, n }) => [state, n]));
  };
  const sendAll = async (team: HarnessTeam, count: number): Promise<string[]> => {
    const ids: string[] = [];
    for (const to of await team.applicants(count)) ids.push(await team.sendSurely(to));
    return ids;
  };

  it.each([
    ['nothing of it works', undefined],
    ['only orders fail', 'order-package'],
  ])(
    '%s: a handful of a hundred orders are risked, the others wait unsent; then all go out, once each [E15]',
    async (what, route) => {
      const team = await harness.team();
      const known = await team.invited();
      const { account } = team;
      await harness.certn.control.fault({
        account: account.id,
        kind: 'status',
        status: 503,
        times: null,
        ...(route && { route }),
      });
      const before = await openings();
      const ids = await sendAll(team, 100);
      await harness.until('orders were held, probed and held again', openings, (n) => n >= 3, 60_000);
      expect((await team.notifySurely(known.caseId)).status).toBe(200);
      // While reads fail no probe is risked; where only orders fail each opening after the first cost one.
      const probes = route === undefined ? 0 : await openings();
      const posts = (await team.orderPosts()).length - 1;
      expect([what, before, posts <= onTheirWay + probes]).toEqual([what, 0, true]);
      expect((await statusesOf(team))['requested']).toBeGreaterThanOrEqual(100 - onTheirWay - probes);
      await harness.certn.control.clearFaults();
      for (const id of ids) await team.reaches(id, 'invited', 120_000);
      expect(await harness.certn.control.ledger({ account: account.id })).toHaveLength(101);
      expect(await statusesOf(team)).toEqual({ ordered: 101 });
      await checkInvariants(harness);
    },
    patience,
  );

  it(
    'the pause that Certn asks of one replica is kept by both, by every kind of call, and no order is lost or doubled [E8]',
    async () => {
      const team = await harness.team();
      await team.invited();
      await team.fault('throttle', { retry_after: 4 });
      const ids = await sendAll(team, 1);
      const throttled = await harness.until(
        'Certn asked for a pause',
        async () =>
          (await harness.certn.control.requests({ account: team.account.id })).find(({ status }) => status === 429),
        (request) => request !== undefined,
      );
      ids.push(...(await sendAll(team, 7)));
      for (const id of ids) await team.reaches(id, 'invited');
      const asked = Date.parse(throttled?.time ?? '');
      const meanwhile = (await harness.certn.control.requests({ account: team.account.id }))
        .map(({ path, time }) => [path, Date.parse(time) - asked] as const)
        // Calls that had left already are nobody's fault.
        .filter(([, ms]) => ms > 500 && ms < 4_000);
      expect(meanwhile).toEqual([]);
      expect(await harness.certn.control.ledger({ account: team.account.id })).toHaveLength(9);
      await checkInvariants(harness);
    },
    patience,
  );
});
