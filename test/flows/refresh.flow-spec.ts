import { type RunningApp, startApp } from '../support/app.js';
import { act, historyOf, shown } from '../support/checks.js';
import { eventually } from '../support/eventually.js';
import { aColleague } from '../support/people.js';
import { type Sandbox, startSandbox } from '../support/sandbox.js';
import { aSentCheck, connectedTeam, type ConnectedTeam, reaches, readyToSend, send } from '../support/fixtures.js';

let sandbox: Sandbox;
let app: RunningApp;
beforeAll(async () => {
  sandbox = await startSandbox();
  // No reconciliation runs automatically here. Everything is found by a refresh.
  const reconciliationSettings = { ORDER_TIMEOUT_MS: '500', ORDER_OUTCOME_UNKNOWN_SECONDS: '3600' };
  app = await startApp({
    env: { CERTN_BASE_URL: sandbox.url, CERTN_REQUESTS_PER_MINUTE: '60', ...reconciliationSettings },
  });
});
afterEach(() => sandbox.control.clearFaults());
afterAll(async () => {
  await app?.close();
  await sandbox?.stop();
});

describe('refreshing a check while it is confirmed with Certn', () => {
  it('finds its case now [E2]', async () => {
    const team = await connectedTeam(app, sandbox);
    const { id, email } = await orderWithUnknownOutcome(team, 'commit-then-hang');
    expect((await shown(team, id)).available_actions).toEqual(['cancel', 'refresh']);
    const refreshed = await act(team.admin, id, 'refresh');
    const [found] = await sandbox.control.cases({ email });
    expect([refreshed.status, refreshed.body.vendor.case_id]).toEqual([200, found?.id]);
    expect(refreshed.body.status).not.toBe('confirming');
    await reaches(team, id, 'invited');
    expect(await sandbox.control.ledger({ email })).toHaveLength(1);
  });

  it('is for all users who see the job [R-07]', async () => {
    const team = await connectedTeam(app, sandbox);
    const { id } = await orderWithUnknownOutcome(team, 'commit-then-hang');
    const limited = await aColleague(team.admin, 'limited');
    expect((await act(limited, id, 'refresh')).status).toBe(404);
    const { body: check } = await team.admin.get<{ job_id: string }>(`/background_checks/${id}`);
    await team.admin.put(`/jobs/${check.job_id}/permissions`, [{ user_id: limited.id, permissions: ['view_results'] }]);
    expect((await act(limited, id, 'refresh')).status).toBe(200);
  });

  it('says so when the case is not there (yet), and sends nothing again [E3]', async () => {
    const team = await connectedTeam(app, sandbox);
    const { id, email } = await orderWithUnknownOutcome(team, 'reset-before');
    expect((await act(team.admin, id, 'refresh')).body.status).toBe('confirming');
    expect((await act(team.admin, id, 'refresh')).body.status).toBe('confirming');
    expect(await sandbox.control.ledger({ email })).toHaveLength(0);
  });

  it('finds and cancels a case with a cancellation request [B12]', async () => {
    const team = await connectedTeam(app, sandbox);
    const { id, email } = await orderWithUnknownOutcome(team, 'reset-after-commit');
    await act(team.admin, id, 'cancel');
    expect((await act(team.admin, id, 'refresh')).status).toBe(200);
    await reaches(team, id, 'cancelled');
    const cases = await sandbox.control.cases({ email });
    expect(cases.map(({ overall_status }) => overall_status)).toEqual(['CANCELLED']);
  });
});

describe('when the call budget is used up', () => {
  it('answers a refresh with 429 and a retry time; the check stays as it was [E8]', async () => {
    const team = await connectedTeam(app, sandbox);
    const check = await aSentCheck(team);
    const before = await historyOf(team, check.id);
    const refused = await refreshedUntilRefused(team, check.id);
    expect([refused.status, refused.body.reason]).toEqual([429, 'budget_exhausted']);
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
    expect(Number(refused.headers.get('retry-after'))).toBeLessThanOrEqual(60);
    expect((await shown(team, check.id)).status).toBe('invited');
    expect(await historyOf(team, check.id)).toEqual(before);
  });

  it('does the same while the outcome of the order is unknown, and sends nothing because of it [E8, R-75]', async () => {
    const team = await connectedTeam(app, sandbox);
    const { id, email } = await orderWithUnknownOutcome(team, 'reset-before');
    const refused = await refreshedUntilRefused(team, id);
    expect([refused.status, refused.body.reason]).toEqual([429, 'budget_exhausted']);
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
    expect((await shown(team, id)).status).toBe('confirming');
    expect(await sandbox.control.ledger({ email })).toHaveLength(0);
  });

  it('still keeps a cancellation request [E8, B12]', async () => {
    const team = await connectedTeam(app, sandbox);
    const check = await aSentCheck(team);
    const { id } = await orderWithUnknownOutcome(team, 'reset-before');
    expect((await refreshedUntilRefused(team, id)).status).toBe(429);
    const asked = await act(team.admin, check.id, 'cancel');
    expect([asked.status, asked.body.status]).toEqual([200, 'invited']);
    expect(asked.body.cancel_requested_at).not.toBeNull();
    expect((await sandbox.control.case(check.caseId)).overall_status).toBe('APPLICANT_INVITED');
  });
});

/** Several at a time, so that the calls are used up before the minute ends. */
async function refreshedUntilRefused(team: ConnectedTeam, id: string): Promise<Awaited<ReturnType<typeof act>>> {
  const few = () => Promise.all([1, 2, 3, 4, 5].map(() => act(team.admin, id, 'refresh')));
  const isRefused = ({ status }: { status: number }): boolean => status !== 200;
  const answers = await eventually('the calls are used up', few, (batch) => batch.some(isRefused), 20_000);
  const refused = answers.find(isRefused);
  if (!refused) throw new Error('Nobody was refused.');
  return refused;
}

let count = 0;

async function orderWithUnknownOutcome(team: ConnectedTeam, kind: string): Promise<{ id: string; email: string }> {
  const email = `unknown-${Date.now().toString(36)}-${(count += 1)}@example.org`;
  const ready = await readyToSend(team, { email });
  await sandbox.control.fault({ account: team.account.id, route: 'order-package', kind, ms: 3000 });
  const { id } = (await send(team.admin, ready)).body;
  await reaches(team, id, 'confirming');
  return { id, email };
}
