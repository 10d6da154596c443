import { type RunningApp, startApp } from '../support/app.js';
import { certn } from '../support/connection.js';
import { eventually } from '../support/eventually.js';
import {
  failRoute,
  manyChecks,
  pathsOf,
  progressOf,
  caseReadsOf,
  taskIsDue,
  postponeTask,
  switchWebhook,
  timePasses,
  withDatabase,
} from '../support/scheduled-tasks.js';
import { type Sandbox, startSandbox } from '../support/sandbox.js';
import {
  aSentCheck,
  completes,
  connectedTeam,
  type ConnectedTeam,
  reaches,
  readCheck,
  readyToSend,
  send,
} from '../support/fixtures.js';

interface Health {
  health: { webhooks_silent_since: string | null; parked_jobs: number; budget: { sweep_interval_seconds: number } };
}

let app: RunningApp;
let sandbox: Sandbox;
beforeAll(async () => {
  sandbox = await startSandbox();
  app = await startApp({ env: { CERTN_BASE_URL: sandbox.url, SWEEP_SECONDS: '1', ORDER_VISIBILITY_LAG_SECONDS: '1' } });
});
afterEach(() => sandbox.control.clearFaults());
afterAll(async () => {
  await app?.close();
  await sandbox?.stop();
});

const health = async (team: ConnectedTeam): Promise<Health['health']> =>
  (await team.admin.get<Health>(certn)).body.health;
const callsOf = async (team: ConnectedTeam): Promise<string[]> =>
  pathsOf(await sandbox.control.requests({ account: team.account.id }));

describe('when all webhooks are missed [E16]', () => {
  it('the polling sweep updates open cases through the list [E16]', async () => {
    const team = await connectedTeam(app, sandbox);
    await failRoute(team, 'events');
    const checks = [await aSentCheck(team), await aSentCheck(team), await aSentCheck(team)];
    await switchWebhook(team, false);
    for (const { caseId } of checks) await sandbox.control.act(caseId, 'open');
    for (const { id } of checks) await reaches(team, id, 'opened');
    expect(await callsOf(team)).toContain('GET /api/public/cases/');
  });

  it('the polling sweep finds the outcome of cases that are no longer open [E16]', async () => {
    const team = await connectedTeam(app, sandbox);
    await failRoute(team, 'events');
    const checks = [];
    for (let n = 1; n <= 5; n += 1) checks.push(await aSentCheck(team));
    await switchWebhook(team, false);
    // Long enough ago that the list itself is trusted. No case is read.
    await timePasses(app, team.teamId, '20 minutes');
    await postponeTask(app, team.teamId, 'sweep');
    const before = (await sandbox.control.requests({ account: team.account.id })).at(-1)?.seq ?? 0;
    for (const { caseId } of checks) await completes(team, caseId);
    await taskIsDue(app, team.teamId, 'sweep');
    for (const { id } of checks) expect(await reaches(team, id, 'complete')).toMatchObject({ result: 'clear' });
    const after = pathsOf(await sandbox.control.requests({ account: team.account.id, since: before }));
    expect(after.filter((path) => /cases\/./.test(path)).length).toBeLessThan(checks.length);
  });

  it('the events feed updates cases too, and faster [E16]', async () => {
    const team = await connectedTeam(app, sandbox);
    await failRoute(team, 'cases');
    const check = await aSentCheck(team);
    await switchWebhook(team, false);
    await sandbox.control.act(check.caseId, 'open');
    await reaches(team, check.id, 'opened');
    const found = await team.admin.get<{ event_id: string }[]>(
      `${certn}/webhook_events?background_check_id=${check.id}`,
    );
    const happened = await sandbox.control.events({ account: team.account.id });
    expect(found.body.map((line) => line.event_id)).toContain(happened.at(-1)?.id);
  });

  it('a large number of changes is not read one by one [E16]', async () => {
    const team = await connectedTeam(app, sandbox, { events_page_size: 30 });
    const checks = await manyChecks(team, 25);
    await switchWebhook(team, false);
    await timePasses(app, team.teamId, '20 minutes');
    const before = (await sandbox.control.requests({ account: team.account.id })).at(-1)?.seq ?? 0;
    // A sweep in the middle of the changes would see only a few of them.
    for (const kind of ['feed', 'sweep'] as const) await postponeTask(app, team.teamId, kind);
    for (const { caseId } of checks) await sandbox.control.act(caseId, 'open');
    for (const kind of ['feed', 'sweep'] as const) await taskIsDue(app, team.teamId, kind);
    for (const { id } of checks) await reaches(team, id, 'opened');
    const reads = await caseReadsOf(sandbox.control, { account: team.account.id, since: before });
    expect(reads.size).toBeLessThanOrEqual(20);
  }, 90_000);

  it('the events feed starts over when Certn refuses to continue from the last position [E16]', async () => {
    const team = await connectedTeam(app, sandbox);
    await failRoute(team, 'cases');
    const check = await aSentCheck(team);
    await eventually(
      'the feed was read to its end',
      () => progressOf(app, team.teamId, 'feed'),
      ({ caughtUp }) => caughtUp === true,
    );
    await switchWebhook(team, false);
    await sandbox.control.fault({ account: team.account.id, route: 'events', kind: 'status', status: 400 });
    await eventually(
      'Certn refuses the position',
      () => progressOf(app, team.teamId, 'feed'),
      ({ refused }) => typeof refused === 'string',
    );
    await sandbox.control.act(check.caseId, 'open');
    await reaches(team, check.id, 'opened');
  });
});

describe('the missed-webhooks alarm', () => {
  it('starts after three changes that no webhook announced, and ends with the next webhook [E16]', async () => {
    const team = await connectedTeam(app, sandbox);
    const checks = [await aSentCheck(team), await aSentCheck(team), await aSentCheck(team)];
    expect((await health(team)).webhooks_silent_since).toBeNull();
    await switchWebhook(team, false);
    await failRoute(team, 'events');
    for (const { caseId } of checks) await sandbox.control.act(caseId, 'open');
    const alarmed = await eventually(
      'the alarm starts',
      () => health(team),
      ({ webhooks_silent_since: since }) => since !== null,
    );
    expect(Date.parse(alarmed.webhooks_silent_since ?? '')).toBeGreaterThan(Date.now() - 60_000);
    await switchWebhook(team, true);
    await sandbox.control.act(checks[0]?.caseId ?? '', 'start');
    await eventually(
      'the alarm ends',
      () => health(team),
      ({ webhooks_silent_since: since }) => since === null,
    );
  });

  it('counts changes that only the events feed brought after ten minutes', async () => {
    const team = await connectedTeam(app, sandbox);
    const checks = [await aSentCheck(team), await aSentCheck(team), await aSentCheck(team)];
    await failRoute(team, 'cases');
    await switchWebhook(team, false);
    for (const { caseId } of checks) await sandbox.control.act(caseId, 'open');
    for (const { id } of checks) await reaches(team, id, 'opened');
    expect((await health(team)).webhooks_silent_since).toBeNull();
    await timePasses(app, team.teamId, '11 minutes');
    expect((await health(team)).webhooks_silent_since).not.toBeNull();
  });

  it('does not start after a single change', async () => {
    const team = await connectedTeam(app, sandbox);
    const check = await aSentCheck(team);
    await switchWebhook(team, false);
    await sandbox.control.act(check.caseId, 'open');
    await reaches(team, check.id, 'opened');
    await timePasses(app, team.teamId, '11 minutes');
    expect((await health(team)).webhooks_silent_since).toBeNull();
    expect(await health(team)).toMatchObject({ parked_jobs: 0, budget: { sweep_interval_seconds: 1 } });
  });
});

describe('an order without a job', () => {
  it('is found after its worker died, and is not sent again [C5]', async () => {
    const team = await connectedTeam(app, sandbox);
    await sandbox.control.fault({ account: team.account.id, route: 'order-package', kind: 'status', status: 401 });
    const { id } = (await send(team.admin, await readyToSend(team))).body;
    await eventually(
      'the order waits',
      async () => (await readCheck(team, id)) as unknown as { failure: unknown },
      ({ failure }) => failure !== null,
    );
    const dies = `update integrations.order
                  set state = 'sending', waiting_for = null, sending_since = now() - interval '2 minutes',
                      deadline = now() - interval '1 minute', unknown_since = now() - interval '2 minutes',
                      visible_at = now() + interval '1 hour'
                  where team_id = $1 and id = $2`;
    await withDatabase(app, (db) => db.query(dies, [team.teamId, id]));
    await reaches(team, id, 'confirming');
    expect(await sandbox.control.ledger({ account: team.account.id })).toEqual([]);
  });
});

describe('the daily reconciliation of terminal cases', () => {
  it('finds a case that became active again', async () => {
    const team = await connectedTeam(app, sandbox);
    const check = await aSentCheck(team);
    await completes(team, check.caseId);
    await reaches(team, check.id, 'complete');
    await failRoute(team, 'events');
    await switchWebhook(team, false);
    await sandbox.control.act(check.caseId, 'dispute');
    await taskIsDue(app, team.teamId, 'comparison');
    await reaches(team, check.id, 'in_dispute');
  });

  it('finds a score that comes late and without an event', async () => {
    const team = await connectedTeam(app, sandbox);
    const check = await aSentCheck(team);
    await completes(team, check.caseId, null);
    expect(await reaches(team, check.id, 'complete')).toMatchObject({ result: null });
    await sandbox.control.act(check.caseId, 'complete', { score: 'REVIEW' });
    await taskIsDue(app, team.teamId, 'comparison');
    await eventually(
      'the score is there',
      async () => (await readCheck(team, check.id)) as unknown as { result: string | null },
      ({ result }) => result === 'review',
    );
  });
});

describe('scheduled tasks make no calls', () => {
  it('where no case is followed', async () => {
    const team = await connectedTeam(app, sandbox);
    const busy = await connectedTeam(app, sandbox);
    await aSentCheck(busy);
    const before = (await callsOf(team)).length;
    const swept = async (): Promise<number> =>
      (await callsOf(busy)).filter((path) => path === 'GET /api/public/events/').length;
    await eventually('the tasks of another team run', swept, (times) => times >= 2);
    // Only the daily reconciliation checks whether the account has unmatched cases.
    const calls = (await callsOf(team)).slice(before);
    expect(calls.filter((path) => path !== 'GET /api/public/cases/')).toEqual([]);
    expect(calls.length).toBeLessThanOrEqual(1);
  });

  it('while the key is rejected, and continue with a new key', async () => {
    const team = await connectedTeam(app, sandbox);
    const check = await aSentCheck(team);
    await switchWebhook(team, false);
    const [old] = (await sandbox.control.account(team.account.id)).api_keys;
    await sandbox.control.patchAccount(team.account.id, { rotate_key: true });
    expect(old).toBeDefined();
    await eventually(
      'the connection requires action',
      async () => (await team.admin.get<{ state: string }>(certn)).body.state,
      (state) => state === 'action_required',
    );
    const { api_key: key } = await sandbox.control.account(team.account.id);
    await sandbox.control.act(check.caseId, 'open');
    expect((await team.admin.put(certn, { api_key: key })).status).toBe(200);
    await reaches(team, check.id, 'opened');
  });
});
