import { checkInvariants } from './invariants.ts';
import { patience, type Harness, startHarness } from './harness.ts';
import type { HarnessTeam } from './harness-team.ts';

/** Certn fails completely or asks for a pause. Two replicas share the state of the circuit breaker. */
describe('an outage at Certn', () => {
  let harness: Harness;

  beforeAll(async () => {
    harness = await startHarness({ env: { ORDER_VISIBILITY_LAG_SECONDS: '4' } });
  }, patience);
  afterEach(() => harness?.calm(), patience);
  afterAll(() => harness?.close(), patience);

  /**
   * The circuit breaker opens at the fifth failure. By then four workers on each of two replicas may have one more order on the
   * wire each.
   */
  const sentBeforeOpening = 4 + 2 * 4;
  const openings = async (): Promise<number> =>
    (
      await harness.rows<{ n: number }>(
        'select coalesce(max(times_opened), 0)::int as n from integrations.circuit_breaker',
      )
    )[0]?.n ?? 0;
  const statusesOf = async (team: HarnessTeam): Promise<Record<string, number>> => {
    const sql = 'select state, count(*)::int as n from integrations.order where team_id = $1 group by state';
    const rows = await harness.rows<{ state: string; n: number }>(sql, [team.teamId]);
    return Object.fromEntries(rows.map(({ state, n }) => [state, n]));
  };
  const sendAll = async (team: HarnessTeam, count: number): Promise<string[]> => {
    const ids: string[] = [];
    for (const to of await team.applicants(count)) ids.push(await team.sendSurely(to));
    return ids;
  };

  it.each([
    ['every call fails', undefined],
    ['only orders fail', 'order-package'],
  ])(
    '%s: a few of a hundred orders are sent, the others wait; then each is sent once [E15]',
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
      await harness.until(
        'the circuit breaker opens, and opens again after trial calls',
        openings,
        (n) => n >= 3,
        60_000,
      );
      expect((await team.notifySurely(known.caseId)).status).toBe(200);
      // While reads fail there is no trial call. While only orders fail, each opening after the first costs one.
      const trialCalls = route === undefined ? 0 : await openings();
      const posts = (await team.orderPosts()).length - 1;
      expect([what, before, posts <= sentBeforeOpening + trialCalls]).toEqual([what, 0, true]);
      expect((await statusesOf(team))['requested']).toBeGreaterThanOrEqual(100 - sentBeforeOpening - trialCalls);
      await harness.certn.control.clearFaults();
      for (const id of ids) await team.reaches(id, 'invited', 120_000);
      expect(await harness.certn.control.ledger({ account: account.id })).toHaveLength(101);
      expect(await statusesOf(team)).toEqual({ ordered: 101 });
      await checkInvariants(harness);
    },
    patience,
  );

  it(
    'a pause that Certn asks of one replica applies to both and to every kind of call, and no order is lost or duplicated [E8]',
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
      const during = (await harness.certn.control.requests({ account: team.account.id }))
        .map(({ path, time }) => [path, Date.parse(time) - asked] as const)
        // Calls that were already on the wire do not count.
        .filter(([, ms]) => ms > 500 && ms < 4_000);
      expect(during).toEqual([]);
      expect(await harness.certn.control.ledger({ account: team.account.id })).toHaveLength(9);
      await checkInvariants(harness);
    },
    patience,
  );
});
