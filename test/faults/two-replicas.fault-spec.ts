import { randomUUID } from 'node:crypto';
import { appendFileSync } from 'node:fs';
import { commitOf, orderAnswer } from './moments.ts';
import { checkInvariants } from './invariants.ts';
import { patience, type Harness, startHarness } from './harness.ts';
import { untilServed } from './caller.ts';
import type { HarnessTeam } from './harness-team.ts';

/** Two replicas on one database handle the same webhook event, order or check at once. */
describe('two replicas at once', () => {
  let harness: Harness;
  let team: HarnessTeam;

  beforeAll(async () => {
    harness = await startHarness();
    team = await harness.team();
  }, patience);
  afterEach(() => harness?.calm(), patience);
  afterAll(() => harness?.close(), patience);

  const paused = (webhook_paused: boolean): Promise<unknown> =>
    harness.certn.control.patchAccount(team.account.id, { settings: { webhook_paused } });
  const stored = (event: string): Promise<object[]> =>
    harness.rows(`select 1 from integrations.inbound_event where event_id = $1`, [event]);

  it(
    'one event sent a hundred times at once to both: all are answered, it is stored once and has one effect [B2]',
    async () => {
      const { id, caseId } = await team.invited();
      await paused(true);
      await harness.certn.control.act(caseId, 'open');
      const eventId = randomUUID();
      const answers = await Promise.all(Array.from({ length: 100 }, () => team.notifySurely(caseId, { eventId })));
      expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
      expect(await stored(eventId)).toHaveLength(1);
      await team.reaches(id, 'opened');
      await paused(false);
      const { history } = await checkInvariants(harness);
      expect(history.filter(({ check_id, to }) => check_id === id && to === 'opened')).toHaveLength(1);
    },
    patience,
  );

  it(
    'a duplicate arrives while the first is being stored; the first rolls back, and the duplicate is stored [B3]',
    async () => {
      const { id, caseId } = await team.invited();
      await paused(true);
      await harness.certn.control.act(caseId, 'open');
      const eventId = randomUUID();
      const [one, other] = harness.replicas;
      const storing = new RegExp(`insert into integrations\\.inbound_event[^]*${eventId}`, 'i');
      const held = harness.holdAtDatabase(commitOf(storing));
      const first = team.notify(caseId, { eventId, to: one?.url }).then(
        () => 'answered',
        () => 'broken off',
      );
      const { replica, discard } = await held;
      expect(replica).toBe(one);
      const duplicate = team.notify(caseId, { eventId, to: other?.url });
      await one?.kill();
      discard();
      expect(await first).toBe('broken off');
      expect((await duplicate).status).toBe(200);
      expect(await stored(eventId)).toHaveLength(1);
      await team.reaches(id, 'opened');
      await paused(false);
      await harness.calm();
      const { history } = await checkInvariants(harness);
      expect(history.filter(({ check_id, to }) => check_id === id && to === 'opened')).toHaveLength(1);
    },
    patience,
  );

  it(
    'a webhook event arrives before the order’s answer is stored: the case is matched within five seconds of the answer [B7]',
    async () => {
      const held = harness.holdAtCertn(orderAnswer);
      const id = await team.sendSurely(await team.applicant());
      const { release } = await held;
      const unmatchedCases = (): Promise<object[]> => harness.rows(`select 1 from integrations.unmatched_case`);
      await harness.until('the unmatched case is stored', unmatchedCases, (rows) => rows.length === 1);
      release();
      await team.reaches(id, 'invited', 5_000);
      expect(await unmatchedCases()).toHaveLength(0);
      await checkInvariants(harness);
    },
    patience,
  );

  it(
    'a webhook event for an order with unknown outcome that no list shows yet: it identifies the case, and nothing is sent again [B8]',
    async () => {
      const own = await harness.team({ list_lag_ms: 20_000 });
      await own.fault('commit-then-hang', { ms: 4_000 });
      const id = await own.sendSurely(await own.applicant());
      await own.reaches(id, 'invited', 15_000);
      const [order] = await harness.rows<{ found_by: string; resends: number }>(
        `select found_by, resends from integrations.order where id = $1`,
        [id],
      );
      expect(order).toEqual({ found_by: 'notice', resends: 0 });
      expect(await own.orderPosts()).toHaveLength(1);
      await checkInvariants(harness);
    },
    patience,
  );

  it(
    'two hundred requests for the same check at once, each with its own key: one check, one paid order [B10]',
    async () => {
      const to = await team.applicant();
      const keys = Array.from({ length: 200 }, () => ({ 'idempotency-key': randomUUID() }));
      const answers = await Promise.all(keys.map((key) => untilServed(() => team.send(to, key))));
      const created = answers.filter(({ status }) => status === 201);
      expect(created).toHaveLength(1);
      const refused = answers.filter(({ status }) => status === 409).map(({ body }) => body as unknown as InProgress);
      expect(refused).toHaveLength(199);
      const id = created[0]?.body.id;
      expect(new Set(refused.map(({ errors }) => errors.json.background_check_id?.[0]))).toEqual(new Set([id]));
      await team.reaches(id ?? '', 'invited');
      const { ledger } = await checkInvariants(harness);
      expect(ledger.filter(({ email }) => email === to.email)).toHaveLength(1);
    },
    patience,
  );

  it(
    'a check is cancelled while its order is on the wire and both replicas reconcile: ordered once, then cancelled at Certn [B12, B13]',
    async () => {
      const before = (await team.orderPosts()).length;
      await team.fault('commit-then-hang', { ms: 4_000 });
      const id = await team.sendSurely(await team.applicant());
      await harness.until(
        'Certn has it',
        () => team.orderPosts(),
        (posts) => posts.length > before,
      );
      expect((await untilServed(() => team.admin.post(`/background_checks/${id}/cancel`))).status).toBe(200);
      await team.reaches(id, 'cancelled');
      expect(await team.orderPosts()).toHaveLength(before + 1);
      await checkInvariants(harness);
    },
    patience,
  );

  /** This test is the last one, because it corrupts the evidence. */
  it(
    'the invariant checker detects a surplus line in the ledger on disk, a lost webhook event and a gap in a history [I1, I2, I4]',
    async () => {
      const { id, caseId } = await team.invited();
      await team.notify(caseId);
      const { ledger } = await checkInvariants(harness);
      await new Promise((resolve) => setTimeout(resolve, 2_100));
      await team.notify(caseId);
      await checkInvariants(harness);
      appendFileSync(harness.ledgerFile, `${JSON.stringify({ ...ledger.at(-1), case: randomUUID() })}\n`);
      await expect(checkInvariants(harness, 0)).rejects.toThrow(/I1: Certn was paid for/);
      await harness.rows('delete from integrations.inbound_event where case_id = $1', [caseId]);
      await expect(checkInvariants(harness, 0)).rejects.toThrow(/I2: webhook event .* is lost/);
      await harness.rows('delete from background_checks.history_entry where check_id = $1 and revision = 2', [id]);
      await expect(checkInvariants(harness, 0)).rejects.toThrow(/I4: the history of check .* has a gap/);
    },
    patience,
  );
});

interface InProgress {
  errors: { json: { background_check_id?: string[] } };
}
