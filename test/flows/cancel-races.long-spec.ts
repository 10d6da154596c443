import { type RunningApp, startApp } from '../support/app.js';
import { act, historyOf, shown, shows } from '../support/checks.js';
import { eventually } from '../support/eventually.js';
import { type Sandbox, startSandbox } from '../support/sandbox.js';
import {
  aSentCheck,
  completes,
  connectedTeam,
  type ConnectedTeam,
  reaches,
  readyToSend,
  send,
} from '../support/fixtures.js';

let app: RunningApp;
let sandbox: Sandbox;
let team: ConnectedTeam;
beforeAll(async () => {
  sandbox = await startSandbox();
  const reconciliationSettings = {
    ORDER_TIMEOUT_MS: '500',
    ORDER_OUTCOME_UNKNOWN_SECONDS: '1,2,3,4',
    ORDER_VISIBILITY_LAG_SECONDS: '1',
  };
  app = await startApp({ env: { CERTN_BASE_URL: sandbox.url, ...reconciliationSettings } });
  team = await connectedTeam(app, sandbox);
  await aSentCheck(team);
});
afterEach(() => sandbox.control.clearFaults());
afterAll(async () => {
  await app?.close();
  await sandbox?.stop();
});

/** Either Certn has no case, or the case is cancelled there, and the check says so. */
async function isOver(id: string, email: string, atMost: number): Promise<void> {
  await shows(team, id, 'that it is cancelled', ({ status }) => status === 'cancelled', 25_000);
  const cases = await sandbox.control.cases({ email });
  expect(cases.map(({ overall_status }) => overall_status)).toEqual(cases.map(() => 'CANCELLED'));
  expect(cases.length).toBeLessThanOrEqual(atMost);
  const history = await historyOf(team, id);
  expect(history.map(({ revision }) => revision)).toEqual(history.map((_, i) => i + 1));
}

describe('a cancellation that races with the send', () => {
  const moments: [string, (email: string, id: string) => Promise<boolean>][] = [
    ['when it comes at once', async () => true],
    [
      'while the order is being sent',
      (email) => anyOf(sandbox.control.requests(), ({ body }) => !!body?.includes(email)),
    ],
    ['when Certn has it', (email) => anyOf(sandbox.control.ledger({ email }), () => true)],
    ['when the response is known', async (_, id) => (await shown(team, id)).vendor.case_id !== null],
  ];
  it.each(moments)('leaves the order cancelled %s [B12]', async (_, isNow) => {
    await sandbox.control.patchAccount(team.account.id, { settings: { latency_ms: 150 } });
    const rounds = [1, 2, 3, 4, 5].map(async () => {
      const email = anAddress('race');
      const { id } = (await send(team.admin, await readyToSend(team, { email }))).body;
      await eventually('the moment comes', () => isNow(email, id), Boolean);
      expect((await act(team.admin, id, 'cancel')).status).toBe(200);
      await isOver(id, email, 1);
    });
    await Promise.all(rounds);
    await sandbox.control.patchAccount(team.account.id, { settings: { latency_ms: 0 } });
  });

  it('leaves at most one active case while many people cancel and send repeatedly [B12, B10]', async () => {
    const email = anAddress('crowd');
    const ready = await readyToSend(team, { email });
    for (let round = 0; round < 5; round += 1) {
      const sent = await Promise.all([1, 2, 3, 4].map(() => send(team.admin, ready)));
      const [created] = sent.filter(({ status }) => status === 201);
      expect(sent.filter(({ status }) => status === 201)).toHaveLength(1);
      const id = created?.body.id ?? '';
      const asked = await Promise.all([1, 2, 3, 4].map(() => act(team.admin, id, 'cancel')));
      for (const { status } of asked) expect([200, 409]).toContain(status);
      await reaches(team, id, 'cancelled');
    }
    const cases = await sandbox.control.cases({ email });
    expect(cases.map(({ overall_status }) => overall_status)).toEqual(cases.map(() => 'CANCELLED'));
  });

  it.each(['commit-then-hang', 'reset-after-commit', 'no-id-201'])(
    'is carried out at Certn when the case is found while the outcome is unknown (%s) [B12, E2, E5]',
    async (kind) => {
      const { id, email } = await orderWithUnknownOutcome(kind);
      const asked = await act(team.admin, id, 'cancel');
      expect([asked.status, asked.body.status]).toEqual([200, 'confirming']);
      expect(asked.body.cancel_requested_at).not.toBeNull();
      expect(asked.body.available_actions).toEqual(['refresh']);
      await isOver(id, email, 1);
      expect(await sandbox.control.ledger({ email })).toHaveLength(1);
    },
  );

  it('ends an order that Certn never got: it is proved absent and never sent again [B12]', async () => {
    const { id, email } = await orderWithUnknownOutcome('reset-before');
    expect((await act(team.admin, id, 'cancel')).status).toBe(200);
    await isOver(id, email, 0);
    expect(await shown(team, id)).toMatchObject({ failure: { reason: 'withdrawn' }, vendor: { case_id: null } });
    expect(await sandbox.control.ledger({ email })).toHaveLength(0);
  });

  it('is requested and carried out once when two people cancel at the same time [B12]', async () => {
    const check = await aSentCheck(team);
    const answers = await Promise.all([1, 2, 3].map(() => act(team.admin, check.id, 'cancel')));
    for (const { status, body } of answers) {
      // Certn cancels once and refuses later requests.
      expect([200, 409]).toContain(status);
      if (status === 409) expect(['cancel_refused', 'already_finished']).toContain(body.reason);
    }
    await reaches(team, check.id, 'cancelled');
    const requests = (await historyOf(team, check.id)).filter(({ kind }) => kind === 'cancel_requested');
    expect(requests).toHaveLength(1);
  });
});

describe('a cancellation request that Certn did not answer', () => {
  it('is repeated until Certn shows the case as cancelled', async () => {
    const check = await aSentCheck(team);
    await sandbox.control.fault({ account: team.account.id, route: 'cancel', kind: 'reset-before', times: 1 });
    const asked = await act(team.admin, check.id, 'cancel');
    expect([asked.status, asked.body.status]).toEqual([200, 'invited']);
    expect(asked.body.cancel_requested_at).not.toBeNull();
    await shows(team, check.id, 'that it is cancelled', ({ status }) => status === 'cancelled', 20_000);
    expect((await sandbox.control.case(check.caseId)).overall_status).toBe('CANCELLED');
  });

  it('cancels the check when Certn executed it, and stays recorded on the check', async () => {
    const check = await aSentCheck(team);
    const [hook] = (await sandbox.control.account(team.account.id)).webhooks;
    await sandbox.control.enableWebhook(team.account.id, hook?.id ?? '', false);
    await sandbox.control.fault({ account: team.account.id, route: 'cancel', kind: 'reset-after-commit', times: 1 });
    expect((await act(team.admin, check.id, 'cancel')).status).toBe(200);
    expect((await sandbox.control.case(check.caseId)).overall_status).toBe('CANCELLED');
    // No webhook event comes. Only another request can tell.
    const over = await shows(team, check.id, 'that it is cancelled', ({ status }) => status === 'cancelled', 20_000);
    expect(over.cancel_requested_at).not.toBeNull();
    await sandbox.control.enableWebhook(team.account.id, hook?.id ?? '', true);
  });

  it('is given up when Certn refuses it later: the check says so and continues', async () => {
    const check = await aSentCheck(team);
    await sandbox.control.fault({ account: team.account.id, route: 'cancel', kind: 'reset-before', times: 1 });
    await sandbox.control.fault({ account: team.account.id, route: 'cancel', kind: 'status', status: 400, times: 1 });
    expect((await act(team.admin, check.id, 'cancel')).body.cancel_requested_at).not.toBeNull();
    const dropped = await shows(
      team,
      check.id,
      'no cancellation request',
      (c) => c.cancel_requested_at === null,
      20_000,
    );
    expect(dropped).toMatchObject({ status: 'invited', available_actions: ['cancel', 'refresh'] });
    await completes(team, check.caseId);
    await reaches(team, check.id, 'complete');
  });
});

const anyOf = async <T>(list: Promise<T[]>, is: (one: T) => boolean): Promise<boolean> => (await list).some(is);

let count = 0;
const anAddress = (who: string): string => `${who}-${Date.now().toString(36)}-${(count += 1)}@example.org`;

async function orderWithUnknownOutcome(kind: string): Promise<{ id: string; email: string }> {
  const email = anAddress('unknown');
  const ready = await readyToSend(team, { email });
  await sandbox.control.fault({ account: team.account.id, route: 'order-package', kind, ms: 3000 });
  const { id } = (await send(team.admin, ready)).body;
  await reaches(team, id, 'confirming');
  return { id, email };
}
