import { checkInvariants } from './invariants.ts';
import { lostAnswers } from './lost-answers.ts';
import { orderRequest } from './moments.ts';
import { patience, type Harness, startHarness } from './harness.ts';
import type { HarnessTeam } from './harness-team.ts';

/** Failures of a paid order between us and Certn. Each test has its own account, so its faults affect no other test. */
describe('Certn fails', () => {
  let harness: Harness;

  beforeAll(async () => {
    harness = await startHarness({ env: { ORDER_VISIBILITY_LAG_SECONDS: '4' }, teams: 36 });
  }, patience);
  afterEach(async () => {
    for (const replica of harness?.replicas ?? []) {
      if (Object.keys(replica.env).length > 0) await replica.kill();
      replica.env = {};
    }
    await harness?.calm();
  }, patience);
  afterAll(() => harness?.close(), patience);

  const ordersOf = (team: HarnessTeam): Promise<{ state: string; resends: number; found_by: string | null }[]> =>
    harness.rows(`select state, resends, found_by from integrations.order where team_id = $1`, [team.teamId]);
  const paidBy = async (team: HarnessTeam): Promise<number> =>
    (await harness.certn.control.ledger({ account: team.account.id })).length;

  it(
    'every lost or unreadable answer ends with one paid order and one request per attempt [E2, E3, E4, E5, E8, E19]',
    async () => {
      const prepared = [];
      for (const lostAnswer of lostAnswers) {
        const team = await harness.team();
        // Proof of absence needs a sentinel case, which the list must show.
        await team.invited();
        prepared.push({ lostAnswer, team, to: await team.applicant() });
      }
      const cases = await Promise.all(
        prepared.map(async ({ lostAnswer: [what, kind, more, posts], team, to }) => {
          await team.fault(kind, more);
          return { what, team, posts, id: await team.sendSurely(to) };
        }),
      );
      for (const { what, team, id, posts } of cases) {
        const outcome = await team.reaches(id, 'invited', 60_000).then(
          () => 'invited',
          (error: Error) => error.message.slice(0, 300),
        );
        expect([what, outcome]).toEqual([what, 'invited']);
        const posted = await team.orderPosts();
        expect([what, posted.length]).toEqual([what, posts + 1]);
        expect(posted.every(({ nth_on_connection }) => nth_on_connection === 1)).toBe(true);
        expect([what, await paidBy(team)]).toEqual([what, 2]);
      }
      await checkInvariants(harness);
    },
    patience,
  );

  it(
    'Certn’s address refuses connections: nothing is sent, the order is retried, and ends as one order [E1]',
    async () => {
      const team = await harness.team();
      for (const replica of harness.replicas) await replica.toCertn.setMode('refuse');
      const id = await team.sendSurely(await team.applicant());
      await harness.until(
        'it was tried',
        () => attempts(id),
        (n) => n >= 2,
      );
      expect(await paidBy(team)).toBe(0);
      expect((await team.check(id)).status).toBe('requested');
      for (const replica of harness.replicas) await replica.toCertn.setMode('pass');
      await team.reaches(id, 'invited', 30_000);
      expect(await team.orderPosts()).toHaveLength(1);
      await checkInvariants(harness);
    },
    patience,
  );

  it.each([
    ['a name that does not resolve', 'https://certn.invalid'],
    ['no TLS where TLS is required', 'the plain proxy, addressed with https'],
  ])(
    '%s: nothing is sent, the order is retried, and ends as one order [E1]',
    async (_what, address) => {
      const team = await harness.team();
      await Promise.all(harness.replicas.map((replica) => replica.stop()));
      const [replica] = harness.replicas;
      if (!replica) throw new Error('no replica');
      replica.env = {
        CERTN_BASE_URL: address.startsWith('https') ? address : replica.toCertn.url.replace('http:', 'https:'),
      };
      await replica.start();
      const id = await team.sendSurely(await team.applicant());
      await harness.until(
        'it was tried',
        () => attempts(id),
        (n) => n >= 1,
      );
      await harness.until(
        'it waits for a retry',
        () => ordersOf(team),
        ([order]) => order?.state === 'requested',
      );
      expect(await team.orderPosts()).toHaveLength(0);
      await replica.kill();
      replica.env = {};
      await harness.calm();
      await team.reaches(id, 'invited', 60_000);
      expect(await team.orderPosts()).toHaveLength(1);
      await checkInvariants(harness);
    },
    patience,
  );

  const attempts = async (id: string): Promise<number> =>
    (await harness.rows<{ attempt: number }>('select attempt from integrations.order where id = $1', [id]))[0]
      ?.attempt ?? 0;

  it(
    'two replicas killed while answers hang, with other orders in progress: one paid order each [E2]',
    async () => {
      const team = await harness.team();
      await team.invited();
      await team.fault('commit-then-hang', { ms: 6_000, times: 4 });
      const applicants = await team.applicants(8);
      const ids = await Promise.all(applicants.map((to) => team.sendSurely(to)));
      await harness.until(
        'Certn has some',
        () => paidBy(team),
        (n) => n >= 3,
      );
      await harness.replicas[0]?.kill();
      await harness.until(
        'Certn has more',
        () => paidBy(team),
        (n) => n >= 5,
      );
      await harness.replicas[1]?.kill();
      await harness.calm();
      for (const id of ids) await team.reaches(id, 'invited', 60_000);
      await checkInvariants(harness);
    },
    patience,
  );

  it(
    'refused with reasons: the check is not sent, one request is made, nothing is paid [E6]',
    async () => {
      const team = await harness.team();
      const to = await team.applicant();
      const errors = [{ code: 'invalid', detail: `${to.email} is not deliverable.`, attr: 'email_address' }];
      await team.fault('status', { status: 400, body: { type: 'validation_error', errors } });
      const check = await team.reaches(await team.sendSurely(to), 'not_sent');
      expect(check.failure?.reason).toBe('refused_by_vendor');
      expect(await team.orderPosts()).toHaveLength(1);
      expect(await paidBy(team)).toBe(0);
      await checkInvariants(harness);
    },
    patience,
  );

  it(
    'a refused key: orders wait without using up attempts, also after a kill; a valid key resumes them without a restart [E7]',
    async () => {
      const team = await harness.team();
      await team.invited();
      const [one, ...others] = await team.applicants(4);
      if (!one) throw new Error('no applicant');
      // The key is revoked while the order is held: otherwise a read would detect it first and block the order.
      const held = harness.holdAtCertn(orderRequest);
      const first = await team.sendSurely(one);
      const { release } = await held;
      await harness.certn.control.patchAccount(team.account.id, { revoke_key: team.account.api_keys[0]?.id ?? '' });
      release();
      await harness.until(
        'it waits for the key',
        () => team.check(first),
        ({ failure }) => failure?.reason === 'connection_action_required',
      );
      for (const other of others) expect((await team.send(other)).status).toBe(409);
      await harness.replicas[0]?.kill();
      await harness.replicas[0]?.start();
      const before = (await team.orderPosts()).length;
      expect(before).toBeLessThanOrEqual(3);
      const { api_key } = await harness.certn.control.patchAccount(team.account.id, { add_key: true });
      await team.admin.must('PUT', '/integrations/certn', { api_key });
      await team.reaches(first, 'invited');
      for (const other of others) await team.reaches(await team.sendSurely(other), 'invited');
      await checkInvariants(harness);
    },
    patience,
  );

  it(
    'throttled, with and without Retry-After: no order is lost or duplicated [E8]',
    async () => {
      const team = await harness.team();
      await team.invited();
      await team.fault('throttle', { retry_after: 1, times: 3 });
      await team.fault('throttle', { times: 3 });
      const ids = await Promise.all((await team.applicants(10)).map((to) => team.sendSurely(to)));
      for (const id of ids) await team.reaches(id, 'invited', 60_000);
      expect(await paidBy(team)).toBe(11);
      await checkInvariants(harness);
    },
    patience,
  );

  it(
    'the list lags, within the visibility lag: nothing is sent again [E9]',
    async () => {
      const team = await harness.team({ auto_deliver_ms: null, list_lag_ms: 3_000 });
      await team.fault('commit-then-hang', { ms: 4_000 });
      const id = await team.sendSurely(await team.applicant());
      await team.reaches(id, 'sent', 45_000);
      expect(await team.orderPosts()).toHaveLength(1);
      await checkInvariants(harness);
    },
    patience,
  );

  it(
    'the list hides even the sentinel case: a person must decide, and nothing is sent again [E9]',
    async () => {
      const team = await harness.team({ auto_deliver_ms: null });
      const known = await team.sendSurely(await team.applicant());
      await team.reaches(known, 'sent');
      await harness.certn.control.patchAccount(team.account.id, { settings: { list_lag_ms: 3_600_000 } });
      await team.fault('commit-then-hang', { ms: 4_000 });
      const id = await team.sendSurely(await team.applicant());
      await team.reaches(id, 'needs_decision', 60_000);
      expect(await team.orderPosts()).toHaveLength(2);
      await harness.certn.control.patchAccount(team.account.id, { settings: { list_lag_ms: 0 } });
      const [hidden] = (await harness.certn.control.cases({ account: team.account.id })).filter(({ id: one }) => one);
      await checkInvariants(harness);
      await team.admin.must('POST', `/background_checks/${id}/decide`, { case_id: hidden?.id });
      await team.reaches(id, 'sent');
      await checkInvariants(harness);
    },
    patience,
  );

  it(
    'redirected: not followed, the connection needs action, the order waits and is sent once [E13]',
    async () => {
      const team = await harness.team();
      await team.fault('redirect', { status: 307 });
      const id = await team.sendSurely(await team.applicant());
      await harness.until(
        'it waits',
        () => team.check(id),
        ({ failure }) => failure?.reason === 'connection_action_required',
      );
      const requests = await harness.certn.control.requests({ account: team.account.id });
      expect(requests.filter(({ query }) => query.includes('redirected'))).toEqual([]);
      expect(await team.orderPosts()).toHaveLength(1);
      const state = await team.admin.must<{ state: string }>('GET', '/integrations/certn');
      expect(state.state).toBe('action_required');
      await team.admin.must('PUT', '/integrations/certn', { api_key: team.account.api_key });
      await team.reaches(id, 'invited');
      expect(await paidBy(team)).toBe(1);
      await checkInvariants(harness);
    },
    patience,
  );

  it(
    'an order cut off on the wire is not repeated by the HTTP client: its outcome is unknown until reconciliation [E19]',
    async () => {
      const team = await harness.team({ auto_deliver_ms: null });
      const held = harness.holdAtCertn(orderRequest);
      const id = await team.sendSurely(await team.applicant());
      const { replica, discard } = await held;
      const before = replica.toCertn.connections;
      discard();
      await team.reaches(id, 'confirming');
      expect(await team.orderPosts()).toHaveLength(0);
      expect(replica.toCertn.connections - before).toBeLessThanOrEqual(2);
      await team.reaches(id, 'sent', 45_000);
      expect(await team.orderPosts()).toHaveLength(1);
      await checkInvariants(harness);
    },
    patience,
  );
});
