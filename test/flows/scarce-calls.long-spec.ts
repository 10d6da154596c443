import { type RunningApp, startApp } from '../support/app.js';
import { eventually } from '../support/eventually.js';
import { signIn } from '../support/people.js';
import { manyChecks, caseReadsOf, switchWebhook, withDatabase } from '../support/scheduled-tasks.js';
import { type Sandbox, startSandbox } from '../support/sandbox.js';
import { aSentCheck, connectedTeam, type ConnectedTeam, reaches, statusOf } from '../support/fixtures.js';
import { createTestDatabase, type TestDatabase } from '../support/test-database.js';

let sandbox: Sandbox;
beforeAll(async () => {
  sandbox = await startSandbox();
});
afterAll(() => sandbox?.stop());

const lastRequest = async (team: ConnectedTeam): Promise<number> =>
  (await sandbox.control.requests({ account: team.account.id })).at(-1)?.seq ?? 0;

describe('the calls for one case [P6]', () => {
  let app: RunningApp;
  beforeAll(async () => (app = await startApp({ env: { CERTN_BASE_URL: sandbox.url } })));
  afterAll(() => app?.close());

  it('are at most ten for eight events, each delivered three times, and every status is seen [P6]', async () => {
    const team = await connectedTeam(app, sandbox, { webhook_duplicates: 2 });
    const before = await lastRequest(team);
    const check = await aSentCheck(team);
    for (const [action, status] of [
      ['open', 'opened'],
      ['start', 'started'],
      ['submit', 'submitted'],
      ['progress', 'in_progress'],
      ['candidate_action', 'candidate_action_required'],
      ['progress', 'in_progress'],
      ['complete', 'complete'],
    ] as const) {
      await sandbox.control.act(check.caseId, action);
      await reaches(team, check.id, status);
    }
    const events = await sandbox.control.events({ account: team.account.id });
    expect(events).toHaveLength(8);
    await eventually(
      'every event was delivered three times',
      () => sandbox.control.deliveries({ account: team.account.id }),
      (deliveries) => deliveries.filter(({ outcome }) => outcome === 'delivered').length === 24,
    );
    const query = { account: team.account.id, since: before };
    const calls = (await sandbox.control.requests(query)).filter(({ method }) => method === 'GET');
    const reads = (await caseReadsOf(sandbox.control, query)).get(check.caseId) ?? 0;
    process.stdout.write(`P6: ${calls.length} calls besides the order, ${reads} of them reads of the case\n`);
    expect(reads).toBeGreaterThanOrEqual(2);
    expect(calls.length).toBeLessThanOrEqual(10);
  }, 60_000);
});

describe('a burst of events [B9]', () => {
  let app: RunningApp;
  let database: TestDatabase;
  beforeAll(async () => (database = await createTestDatabase()));
  afterAll(async () => {
    await app?.close();
    await database?.drop();
  });

  it('of 1,000 webhooks for 100 cases costs at most two reads of a case, and every status is right in the end [B9]', async () => {
    const roomy = await startApp({ databaseUrl: database.url, env: { CERTN_BASE_URL: sandbox.url } });
    const sender = await connectedTeam(roomy, sandbox);
    const checks = await manyChecks(sender, 100);
    await switchWebhook(sender, false);
    await roomy.close();
    const scarce = { CERTN_BASE_URL: sandbox.url, CERTN_REQUESTS_PER_MINUTE: '4000' };
    app = await startApp({ databaseUrl: database.url, env: scarce });
    const team = { ...sender, admin: await signIn(app.url, sender.admin.id) };
    await sandbox.control.registerWebhook(team.account.id, `${app.url}/certn/certnWebhookHandler`);
    await sandbox.control.patchAccount(team.account.id, { settings: { webhook_paused: true } });
    const query = { account: team.account.id, since: await lastRequest(team) };
    const began = Date.now();
    const words = ['APPLICANT_OPENED', 'APPLICANT_STARTED'];
    for (let round = 0; round < 10; round += 1) {
      const status = round === 9 ? 'IN_PROGRESS' : words[round % 2];
      for (const { caseId } of checks) await sandbox.control.act(caseId, 'set', { status });
    }
    // One call more than a quarter of this minute's calls is already used.
    const used = `update integrations.vendor_budget set started_at = now(), used = 1001, used_for = '{"read": 1001}'
                  where span = 'minute'`;
    await withDatabase(app, (db) => db.query(used));
    await sandbox.control.patchAccount(team.account.id, { settings: { webhook_paused: false } });
    await eventually(
      'all webhooks are delivered',
      () => sandbox.control.deliveries({ account: team.account.id, limit: 1_000 }),
      (tries) => tries.length === 1_000 && Date.parse(tries[0]?.time ?? '') >= began,
      120_000,
    );
    for (const { id } of checks) {
      await eventually(
        'the last status is seen',
        () => statusOf(team, id),
        (status) => status === 'in_progress',
        60_000,
      );
    }
    const tries = await sandbox.control.deliveries({ account: team.account.id, limit: 1_000 });
    expect(tries).toHaveLength(1_000);
    const times = tries.map(({ time }) => Date.parse(time));
    const seconds = (Math.max(...times) - Math.min(...times)) / 1000;
    const reads = [...(await caseReadsOf(sandbox.control, query)).values()];
    const [all, most] = [reads.reduce((sum, n) => sum + n, 0), Math.max(...reads)];
    process.stdout.write(`B9: 1,000 webhooks in ${seconds} s: ${all} reads of 100 cases, at most ${most} each\n`);
    expect(reads).toHaveLength(100);
    // Two reads, and one more for each further ten seconds if the machine is too busy to take all webhooks within ten.
    expect(most).toBeLessThanOrEqual(1 + Math.max(1, Math.ceil(seconds / 10)));
  }, 400_000);
});
