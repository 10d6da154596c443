import { createHmac, randomUUID } from 'node:crypto';
import { type RunningApp, startApp } from '../support/app.js';
import { eventually } from '../support/eventually.js';
import { aTeam, type Person } from '../support/people.js';
import { type Sandbox, startSandbox } from '../support/sandbox.js';
import { type SandboxAccount } from '../support/sandbox.js';
import { anAccount, aSentCheck, type ConnectedTeam, reaches, readyToSend, send } from '../support/fixtures.js';

interface WebhookStatus {
  state: string;
  since: string | null;
  likely_cause: string | null;
  refused_events: number;
}

const endpoint = '/certn/certnWebhookHandler';
const time = expect.stringMatching(/^\d{4}-\d\d-\d\dT/) as string;
const waiting = { state: 'waiting', since: null, likely_cause: null, refused_events: 0 };

let app: RunningApp;
let sandbox: Sandbox;
beforeAll(async () => {
  sandbox = await startSandbox();
  app = await startApp({ env: { CERTN_BASE_URL: sandbox.url } });
});
afterAll(async () => {
  await app?.close();
  await sandbox?.stop();
});

describe('the status of the webhook', () => {
  it('is waiting before the first event; a test then reports only that the API key works', async () => {
    const { admin } = await aTeam(app);
    expect(await statusOf(admin)).toEqual(waiting);
    await save(admin, await anAccount(sandbox), 'not-the-secret');
    expect(await statusOf(admin)).toEqual(waiting);
    expect(await webhookTest(admin)).toMatchObject({
      ok: true,
      state: 'waiting',
      detail: expect.stringContaining('Waiting for the first event from Certn') as string,
    });
  });

  it('is refused with a wrong secret, until the secret is corrected and the next valid event comes', async () => {
    const team = await aTeamWith('not-the-secret');
    const caseId = await aCase(team);
    await refusedEvents(team, caseId);
    const refused = await eventually('refusals are known', () => statusOf(team.admin), isIn('refused'));
    expect(refused).toMatchObject({ since: time, likely_cause: 'wrong_secret' });
    expect(refused.refused_events).toBeGreaterThanOrEqual(3);
    const tested = await webhookTest(team.admin);
    expect(tested).toMatchObject({ ok: false, state: 'failed' });
    expect(tested?.detail).toMatch(/didn't match this secret/);
    await save(team.admin, team.account, team.account.webhook_secret);
    expect(await statusOf(team.admin)).toEqual(waiting);
    await sandbox.control.act(caseId, 'progress');
    const working = await eventually('events arrive', () => statusOf(team.admin), isIn('working'));
    expect(working).toEqual({ state: 'working', since: time, likely_cause: null, refused_events: 0 });
    expect(await webhookTest(team.admin)).toMatchObject({ ok: true, state: 'ok' });
  });

  it('is refused after valid events, because of a change at Certn or a stranger, until the next valid one', async () => {
    const team = await aTeamWith();
    const { caseId } = await aSentCheck(team);
    await eventually('events arrive', () => statusOf(team.admin), isIn('working'));
    for (let i = 0; i < 3; i += 1) expect(await post(caseId, 'forged')).toBe(401);
    const refused = await eventually('refusals are known', () => statusOf(team.admin), isIn('refused'));
    expect(refused).toMatchObject({ likely_cause: 'secret_changed', refused_events: 3 });
    await sandbox.control.act(caseId, 'open');
    await eventually('events arrive again', () => statusOf(team.admin), isIn('working'));
  });

  it('does not change through strangers who know no case, or through a single refusal', async () => {
    const team = await aTeamWith();
    const { caseId } = await aSentCheck(team);
    const before = await eventually('events arrive', () => statusOf(team.admin), isIn('working'));
    for (let i = 0; i < 20; i += 1) await post(randomUUID(), 'forged');
    expect(await post(caseId, 'forged')).toBe(401);
    const after = await eventually(
      'the one refusal is counted',
      () => statusOf(team.admin),
      ({ refused_events }) => refused_events === 1,
    );
    expect(after).toEqual({ ...before, refused_events: 1 });
  });

  it('does not change through an event that matches only the previous secret', async () => {
    const team = await aTeamWith();
    const { id, caseId } = await aSentCheck(team);
    await save(team.admin, team.account, 'not-the-secret');
    await sandbox.control.act(caseId, 'open');
    await reaches(team, id, 'opened');
    expect(await statusOf(team.admin)).toEqual(waiting);
  });
});

function isIn(state: string): (status: WebhookStatus) => boolean {
  return (status) => status.state === state;
}

async function statusOf(admin: Person): Promise<WebhookStatus> {
  return (await admin.get<{ health: { webhooks: WebhookStatus } }>('/integrations/certn')).body.health.webhooks;
}

async function webhookTest(admin: Person): Promise<{ name: string; detail: string } | undefined> {
  const { body } = await admin.post<{ checks: { name: string; detail: string }[] }>('/integrations/certn/test');
  return body.checks.find(({ name }) => name === 'webhook');
}

async function save(admin: Person, account: SandboxAccount, secret: string): Promise<void> {
  const secrets = { api_key: account.api_key, webhook_secret_key: secret };
  expect(await admin.put('/integrations/certn', secrets)).toMatchObject({ status: 200 });
}

/** A connected team. A given secret replaces the one of its account. */
async function aTeamWith(secret?: string): Promise<ConnectedTeam> {
  const { teamId, admin } = await aTeam(app);
  const account = await anAccount(sandbox);
  await save(admin, account, secret ?? account.webhook_secret);
  await sandbox.control.registerWebhook(account.id, `${app.url}${endpoint}`);
  const packages = account.packages.map(({ id, name }) => ({ id, name }));
  return { teamId, admin, account, sandbox, packages, packageId: packages[0]?.id ?? '' };
}

/** The case of a sent check, without any event about it. */
async function aCase(team: ConnectedTeam): Promise<string> {
  const { id } = (await send(team.admin, await readyToSend(team))).body;
  const read = () => team.admin.get<{ vendor: { case_id: string | null } }>(`/background_checks/${id}`);
  const { body } = await eventually('the case is known', read, ({ body }) => body.vendor.case_id !== null);
  return body.vendor.case_id ?? '';
}

async function refusedEvents(team: ConnectedTeam, caseId: string): Promise<void> {
  for (const action of ['open', 'start', 'submit']) await team.sandbox.control.act(caseId, action);
}

async function post(caseId: string, secret: string): Promise<number> {
  const event = { event_id: randomUUID(), event_type: 'CASE_STATUS_CHANGED', object_id: caseId, object_type: 'CASE' };
  const body = JSON.stringify(event);
  const signature = createHmac('sha256', secret).update(body).digest('hex');
  return (await fetch(new URL(endpoint, app.url), { method: 'POST', body, headers: { 'x-signature': signature } }))
    .status;
}
