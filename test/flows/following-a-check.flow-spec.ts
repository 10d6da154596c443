import { type RunningApp, startApp } from '../support/app.js';
import { eventually } from '../support/eventually.js';
import { type Answer } from '../support/people.js';
import { type Sandbox, startSandbox } from '../support/sandbox.js';
import {
  aSentCheck,
  type Check,
  completes,
  connect,
  connectedTeam,
  type ConnectedTeam,
  reaches,
  readCheck,
  readyToSend,
  send,
} from '../support/fixtures.js';

interface FullCheck extends Check {
  result: string | null;
  result_label: string | null;
  results_url: string | null;
  status_label: string;
  confirmed_at: string | null;
  cancel_requested_at: string | null;
  failure: { reason: string } | null;
  available_actions: string[];
}

interface HistoryLine {
  revision: number;
  kind: string;
  from: string | null;
  to: string | null;
  by: { id: string } | null;
  source: string;
}

let app: RunningApp;
let sandbox: Sandbox;
let team: ConnectedTeam;
beforeAll(async () => {
  sandbox = await startSandbox();
  app = await startApp({
    env: { CERTN_BASE_URL: sandbox.url, ORDER_TIMEOUT_MS: '500', ORDER_OUTCOME_UNKNOWN_SECONDS: '1,2' },
  });
  team = await connectedTeam(app, sandbox);
});
afterEach(() => sandbox.control.clearFaults());
afterAll(async () => {
  await app?.close();
  await sandbox?.stop();
});

const read = async (id: string): Promise<FullCheck> => (await readCheck(team, id)) as FullCheck;

describe('following a check', () => {
  it('shows status changes without a user action and keeps a gap-free history [R-84, R-80]', async () => {
    const check = await aSentCheck(team);
    for (const [action, status] of [
      ['open', 'opened'],
      ['start', 'started'],
      ['submit', 'submitted'],
      ['progress', 'in_progress'],
    ] as const) {
      await sandbox.control.act(check.caseId, action);
      await reaches(team, check.id, status);
    }
    await sandbox.control.act(check.caseId, 'complete', { score: 'CLEAR' });
    await reaches(team, check.id, 'complete');
    expect(await read(check.id)).toMatchObject({ result: 'clear', result_label: 'Clear', status_label: 'Complete' });
    const { body } = await team.admin.get<HistoryLine[]>(`/background_checks/${check.id}/history`);
    expect(body.map(({ revision }) => revision)).toEqual(body.map((_, i) => i + 1));
    expect(body[0]).toMatchObject({ kind: 'requested', from: null, by: { id: team.admin.id }, source: 'user' });
    const path = body.filter(({ kind }) => kind === 'status_changed').map(({ to }) => to);
    expect(path.slice(-6)).toEqual(['invited', 'opened', 'started', 'submitted', 'in_progress', 'complete']);
    expect(body.at(-1)).toMatchObject({ kind: 'result_changed', from: null, to: 'clear', source: 'vendor' });
  });

  it('offers the results link from the start: it says not ready before completion, then shows the report [R-81, R-82, R-85]', async () => {
    const check = await aSentCheck(team);
    const path = `/background_checks/${check.id}/results`;
    expect((await read(check.id)).results_url).toBe(`http://localhost:3000${path}`);
    expect(await team.admin.get(path)).toMatchObject({ status: 409, body: { reason: 'results_not_ready' } });
    await completes(team, check.caseId);
    const complete = (await reaches(team, check.id, 'complete')) as FullCheck;
    expect(complete.available_actions).toEqual(['refresh', 'open_results']);
    const report = (await team.admin.get(path)) as unknown as Answer<string>;
    expect(report.status).toBe(200);
    expect(report.headers.get('content-type')).toBe('application/pdf');
    expect(report.headers.get('cache-control')).toBe('no-store');
    expect(report.body.startsWith('%PDF')).toBe(true);
    const log = await team.admin.get<object[]>(`/audit_log?action=background_check.open_results&entity_id=${check.id}`);
    expect(log.body).toMatchObject([{ outcome: 'done', actor: { id: team.admin.id } }]);
  });

  it('says so when a check ended without results [R-85]', async () => {
    const check = await aSentCheck(team);
    await sandbox.control.act(check.caseId, 'decline');
    await reaches(team, check.id, 'declined');
    expect(await team.admin.get(`/background_checks/${check.id}/results`)).toMatchObject({
      status: 409,
      body: { reason: 'results_not_available' },
    });
  });

  it('shows an unknown status of Certn without any effect, and maps an unknown score to review [R-83]', async () => {
    const check = await aSentCheck(team);
    await sandbox.control.act(check.caseId, 'set', { status: 'PAUSED_BY_MARS' });
    const paused = await eventually(
      "Certn's word is shown",
      () => read(check.id),
      ({ vendor }) => vendor.status === 'PAUSED_BY_MARS',
    );
    expect(paused.status).toBe('invited');
    await sandbox.control.act(check.caseId, 'set', { status: 'COMPLETE', score: 'MAUVE' });
    await reaches(team, check.id, 'complete');
    expect(await read(check.id)).toMatchObject({ result: 'review', vendor: { score: 'MAUVE' } });
  });

  it('shows a dispute of a complete check, which does not block its successor', async () => {
    const check = await aSentCheck(team);
    await completes(team, check.caseId, 'REJECT');
    await reaches(team, check.id, 'complete');
    await sandbox.control.act(check.caseId, 'dispute');
    const disputed = (await reaches(team, check.id, 'in_dispute')) as FullCheck;
    expect(disputed.result).toBeNull();
    expect((await send(team.admin, check)).status).toBe(201);
  });

  it('reads from Certn at once on refresh [R-84]', async () => {
    const check = await aSentCheck(team);
    const [hook] = (await sandbox.control.account(team.account.id)).webhooks;
    await sandbox.control.enableWebhook(team.account.id, hook?.id ?? '', false);
    await sandbox.control.act(check.caseId, 'open');
    const before = await read(check.id);
    const refreshed = (await team.admin.post(`/background_checks/${check.id}/refresh`)) as unknown as Answer<FullCheck>;
    await sandbox.control.enableWebhook(team.account.id, hook?.id ?? '', true);
    expect(refreshed).toMatchObject({ status: 200, body: { status: 'opened' } });
    expect(refreshed.body.confirmed_at?.localeCompare(before.confirmed_at ?? '')).toBe(1);
  });

  it('confirms on refresh when nothing changed', async () => {
    const check = await aSentCheck(team);
    const before = await read(check.id);
    const { body } = (await team.admin.post(`/background_checks/${check.id}/refresh`)) as unknown as Answer<FullCheck>;
    expect(body.status).toBe('invited');
    expect(body.confirmed_at?.localeCompare(before.confirmed_at ?? '')).toBe(1);
  });

  it('shows an order with a lost response as confirming, and orders nothing twice [R-76]', async () => {
    const email = `unknown-${Date.now()}@example.org`;
    await sandbox.control.fault({
      account: team.account.id,
      route: 'order-package',
      kind: 'commit-then-hang',
      ms: 3000,
    });
    const ready = await readyToSend(team, { email });
    const { id } = (await send(team.admin, ready)).body;
    await reaches(team, id, 'confirming');
    expect((await read(id)).available_actions).toEqual(['cancel', 'refresh']);
    expect(await send(team.admin, ready)).toMatchObject({ status: 409, body: { reason: 'check_in_progress' } });
    expect(await sandbox.control.ledger({ email })).toHaveLength(1);
  });

  it('keeps a request waiting while Certn rejects our key [R-77]', async () => {
    const other = await connectedTeam(app, sandbox);
    await sandbox.control.fault({ account: other.account.id, route: 'order-package', kind: 'status', status: 401 });
    const ready = await readyToSend(other);
    const { id } = (await send(other.admin, ready)).body;
    const waiting = await eventually(
      'the check says why it waits',
      async () => (await readCheck(other, id)) as FullCheck,
      ({ failure }) => failure !== null,
    );
    expect(waiting).toMatchObject({ status: 'requested', failure: { reason: 'connection_action_required' } });
    const next = await readyToSend(other);
    expect(await send(other.admin, next)).toMatchObject({ status: 409, body: { reason: 'integration_not_enabled' } });
    await connect(other.admin, other.account);
    expect(await reaches(other, id, 'invited')).toMatchObject({ failure: null });
  });

  it('ends a waiting request visibly when Certn is disconnected [R-77]', async () => {
    const other = await connectedTeam(app, sandbox);
    await sandbox.control.fault({ account: other.account.id, route: 'order-package', kind: 'status', status: 401 });
    const ready = await readyToSend(other);
    const { id } = (await send(other.admin, ready)).body;
    await eventually(
      'the check waits',
      async () => (await readCheck(other, id)) as FullCheck,
      ({ failure }) => failure?.reason === 'connection_action_required',
    );
    await other.admin.delete('/integrations/certn');
    expect(await reaches(other, id, 'not_sent')).toMatchObject({ failure: { reason: 'integration_disabled' } });
  });
});

describe('cancelling a check', () => {
  it('at Certn sends the cancellation within the request, and is cancelled when Certn confirms it', async () => {
    const check = await aSentCheck(team);
    const asked = (await team.admin.post(`/background_checks/${check.id}/cancel`)) as unknown as Answer<FullCheck>;
    expect(asked.status).toBe(200);
    expect(asked.body.cancel_requested_at).not.toBeNull();
    expect(asked.body.available_actions).not.toContain('cancel');
    await reaches(team, check.id, 'cancelled');
    expect((await sandbox.control.case(check.caseId)).overall_status).toBe('CANCELLED');
    expect(await team.admin.post(`/background_checks/${check.id}/cancel`)).toMatchObject({
      status: 409,
      body: { reason: 'already_finished' },
    });
    const log = await team.admin.get<object[]>(`/audit_log?action=background_check.cancel&entity_id=${check.id}`);
    expect(log.body).toMatchObject([{ outcome: 'done' }]);
  });

  it("refused by Certn answers 409 with Certn's reason, and the check stays as it was", async () => {
    const check = await aSentCheck(team);
    const fault = { account: team.account.id, route: 'cancel', kind: 'status', status: 400 };
    await sandbox.control.fault(fault);
    const refused = await team.admin.post(`/background_checks/${check.id}/cancel`);
    expect(refused).toMatchObject({ status: 409, body: { reason: 'cancel_refused' } });
    expect(await read(check.id)).toMatchObject({ status: 'invited', cancel_requested_at: null });
    const log = await team.admin.get<object[]>(`/audit_log?action=background_check.cancel&entity_id=${check.id}`);
    expect(log.body).toMatchObject([{ outcome: 'refused' }]);
  });

  it('without a response from Certn is requested, not confirmed', async () => {
    const check = await aSentCheck(team);
    await sandbox.control.fault({ account: team.account.id, route: 'cancel', kind: 'reset-before', times: null });
    const asked = (await team.admin.post(`/background_checks/${check.id}/cancel`)) as unknown as Answer<FullCheck>;
    expect(asked).toMatchObject({ status: 200, body: { status: 'invited' } });
    expect(asked.body.cancel_requested_at).not.toBeNull();
  });

  it('before it is at Certn cancels it at once, and it is never sent', async () => {
    const other = await connectedTeam(app, sandbox);
    await sandbox.control.fault({ account: other.account.id, route: 'order-package', kind: 'status', status: 401 });
    const email = `withdrawn-${Date.now()}@example.org`;
    const ready = await readyToSend(other, { email });
    const { id } = (await send(other.admin, ready)).body;
    await eventually(
      'the check waits',
      async () => (await readCheck(other, id)) as FullCheck,
      ({ failure }) => failure !== null,
    );
    const { body } = (await other.admin.post(`/background_checks/${id}/cancel`)) as unknown as Answer<FullCheck>;
    expect(body).toMatchObject({ status: 'cancelled', failure: { reason: 'withdrawn' }, available_actions: [] });
    expect(await sandbox.control.ledger({ email })).toHaveLength(0);
  });

  it('at the moment of the request never leaves an active order at Certn [B12]', async () => {
    const email = `race-${Date.now()}@example.org`;
    const ready = await readyToSend(team, { email });
    const { id } = (await send(team.admin, ready)).body;
    expect((await team.admin.post(`/background_checks/${id}/cancel`)).status).toBe(200);
    await reaches(team, id, 'cancelled');
    const cases = await sandbox.control.cases({ email });
    expect(cases.map(({ overall_status }) => overall_status)).toEqual(cases.map(() => 'CANCELLED'));
  });
});
