import { createHmac, randomUUID } from 'node:crypto';
import { type RunningApp, startApp } from '../support/app.js';
import { certn } from '../support/connection.js';
import { eventually } from '../support/eventually.js';
import { aColleague, call } from '../support/people.js';
import { caseReadsOf, switchWebhook } from '../support/scheduled-tasks.js';
import { type Sandbox, startSandbox } from '../support/sandbox.js';
import { aSentCheck, connectedTeam, type ConnectedTeam, reaches } from '../support/fixtures.js';

interface LoggedEvent {
  id: string;
  event_id: string | null;
  event_type: string;
  case_id: string;
  received_at: string;
  outcome: string | null;
  failure: string | null;
  background_check_id: string;
}

let app: RunningApp;
let sandbox: Sandbox;
let team: ConnectedTeam;
beforeAll(async () => {
  sandbox = await startSandbox();
  app = await startApp({ env: { CERTN_BASE_URL: sandbox.url } });
  team = await connectedTeam(app, sandbox);
});
afterEach(() => sandbox.control.clearFaults());
afterAll(async () => {
  await app?.close();
  await sandbox?.stop();
});

const path = `${certn}/webhook_events`;
const list = async (query: string): Promise<LoggedEvent[]> =>
  (await team.admin.get<LoggedEvent[]>(`${path}?${query}`)).body;
const logOf = (check: { id: string }): Promise<LoggedEvent[]> => list(`background_check_id=${check.id}`);
const processed = (check: { id: string }, count: number): Promise<LoggedEvent[]> =>
  eventually(
    'all events have an outcome',
    () => logOf(check),
    (lines) => lines.length >= count && lines.every(({ outcome }) => outcome !== null),
  );

/** A webhook as Certn would send it, with contents of our own. */
function webhook(body: object): Promise<{ status: number }> {
  const text = JSON.stringify(body);
  const signature = createHmac('sha256', team.account.webhook_secret).update(text).digest('hex');
  const headers = { 'content-type': 'application/json', 'x-signature': signature };
  return call(app.url, 'POST', '/certn/certnWebhookHandler', text, headers);
}

const eventOf = (caseId: string, id: string = randomUUID()) => ({
  id,
  event_type: 'CASE_STATUS_CHANGED',
  object_id: caseId,
  object_type: 'CASE',
});

describe('the webhook log', () => {
  it('shows events and their outcome, newest first', async () => {
    const check = await aSentCheck(team);
    await sandbox.control.act(check.caseId, 'open');
    await reaches(team, check.id, 'opened');
    const [newest, ...older] = await processed(check, 2);
    const happened = await sandbox.control.events({ account: team.account.id });
    expect(newest).toEqual({
      id: expect.any(String) as string,
      event_id: happened.filter((event) => event.case === check.caseId).at(-1)?.id,
      event_type: 'CASE_STATUS_CHANGED',
      case_id: check.caseId,
      received_at: expect.stringMatching(/^\d{4}-.*\.\d{3}Z$/) as string,
      outcome: 'applied',
      failure: null,
      background_check_id: check.id,
    });
    for (const line of older)
      expect(Date.parse(line.received_at)).toBeLessThanOrEqual(Date.parse(newest?.received_at ?? ''));
  });

  it('shows one more line for an event that comes again, however often, and the event has no second effect [B1]', async () => {
    const check = await aSentCheck(team);
    await processed(check, 1);
    await sandbox.control.patchAccount(team.account.id, { settings: { webhook_duplicates: 4 } });
    await sandbox.control.act(check.caseId, 'open');
    await sandbox.control.patchAccount(team.account.id, { settings: { webhook_duplicates: 0 } });
    await reaches(team, check.id, 'opened');
    const lines = await eventually(
      'the repetition is shown',
      () => logOf(check),
      (all) => all.some(({ outcome }) => outcome === 'duplicate'),
    );
    const [repeated] = lines.filter(({ outcome }) => outcome === 'duplicate');
    const [first] = lines.filter((line) => line.event_id === repeated?.event_id && line.outcome !== 'duplicate');
    expect(lines.filter((line) => line.event_id === repeated?.event_id)).toHaveLength(2);
    expect(first?.outcome).toBe('applied');
    expect(repeated?.failure).toBeNull();
    const history = await team.admin.get<{ to: string }[]>(`/background_checks/${check.id}/history`);
    expect(history.body.filter(({ to }) => to === 'opened')).toHaveLength(1);
  });

  it('keeps the first contents when an event comes again with others, and shows the conflict [A10]', async () => {
    const check = await aSentCheck(team);
    const event = eventOf(check.caseId);
    expect((await webhook(event)).status).toBe(200);
    expect((await webhook({ ...event, event_type: 'CASE_REPORT_READY' })).status).toBe(200);
    const lines = (await processed(check, 2)).filter((line) => line.event_id === event.id);
    expect(lines.map(({ event_type: type }) => type)).toEqual(['CASE_STATUS_CHANGED', 'CASE_STATUS_CHANGED']);
    expect(lines.find(({ outcome }) => outcome === 'duplicate')?.failure).toMatch(/other contents/);
    expect(lines.some(({ outcome }) => outcome === 'unchanged')).toBe(true);
  });

  it('shows an event as failed when Certn lacks its case, and applies it on a replay after the case is back', async () => {
    const check = await aSentCheck(team);
    await processed(check, 1);
    await sandbox.control.fault({ account: team.account.id, route: 'case', kind: 'status', status: 404, times: null });
    await sandbox.control.act(check.caseId, 'open');
    const failed = await eventually(
      'the event failed',
      () => logOf(check),
      (lines) => lines.some(({ outcome }) => outcome === 'failed'),
    );
    const [line] = failed.filter(({ outcome }) => outcome === 'failed');
    expect(line?.failure).toEqual(expect.any(String));
    expect((await list('outcome=failed')).map(({ id }) => id)).toContain(line?.id);
    await sandbox.control.clearFaults();
    const answer = await team.admin.post(`${path}/${line?.id}/replay`);
    expect(answer.status).toBe(202);
    await reaches(team, check.id, 'opened');
    const after = await processed(check, 2);
    expect(after.find(({ id }) => id === line?.id)).toMatchObject({ outcome: 'applied', failure: null });
  });

  it('reads the case again on a replay, whatever the outcome of the event', async () => {
    const check = await aSentCheck(team);
    const [line] = await processed(check, 1);
    await switchWebhook(team, false);
    await sandbox.control.act(check.caseId, 'open');
    await switchWebhook(team, true);
    expect((await team.admin.post(`${path}/${line?.id}/replay`)).status).toBe(202);
    await reaches(team, check.id, 'opened');
    expect((await caseReadsOf(sandbox.control, { account: team.account.id })).get(check.caseId)).toBeGreaterThan(1);
  });

  it('is filtered and paged like every list', async () => {
    const check = await aSentCheck(team);
    await processed(check, 1);
    expect((await list('outcome=applied&outcome=unchanged&per_page=500')).length).toBeGreaterThan(1);
    expect((await list(`case_id=${check.caseId}`)).map((line) => line.background_check_id)).toContain(check.id);
    expect(await list('created_before=2020-01-01T00:00:00Z')).toEqual([]);
    expect(await list('outcome=not_ours')).toEqual([]);
    const page = await team.admin.get<LoggedEvent[]>(`${path}?per_page=1`);
    expect(page.body).toHaveLength(1);
    expect(Number(page.headers.get('x-total-count'))).toBeGreaterThan(1);
    expect(page.headers.get('link')).toContain('rel="next"');
    for (const wrong of ['outcome=perhaps', 'per_page=501', 'colour=red']) {
      expect((await team.admin.get(`${path}?${wrong}`)).status).toBe(422);
    }
  });

  it('is for admins only, and of one team', async () => {
    const check = await aSentCheck(team);
    const [line] = await processed(check, 1);
    const colleague = await aColleague(team.admin, 'standard');
    expect((await colleague.get(path)).status).toBe(403);
    expect((await colleague.post(`${path}/${line?.id}/replay`)).status).toBe(403);
    const others = await connectedTeam(app, sandbox);
    expect((await others.admin.get<LoggedEvent[]>(path)).body).toEqual([]);
    for (const id of [line?.id, randomUUID(), 'nonsense']) {
      expect((await others.admin.post(`${path}/${id}/replay`)).status).toBe(404);
    }
  });
});
