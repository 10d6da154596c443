import { type RunningApp, startApp } from '../support/app.js';
import { withDatabase } from '../support/scheduled-tasks.js';
import { type Sandbox, startSandbox } from '../support/sandbox.js';
import { connectedTeam, type ConnectedTeam, reaches, readyToSend, send } from '../support/fixtures.js';
import type { Answer } from '../support/people.js';

interface Tested {
  ok: boolean;
  reason?: string;
  message?: string;
}

const tests = 80;
const perMinute = 60;

describe('eighty simultaneous tests of the connection [G9]', () => {
  let sandbox: Sandbox;
  let app: RunningApp;
  let team: ConnectedTeam;
  beforeAll(async () => {
    sandbox = await startSandbox();
  });
  afterEach(() => app?.close());
  afterAll(() => sandbox?.stop());

  async function start(env: Record<string, string>): Promise<void> {
    app = await startApp({
      env: { CERTN_BASE_URL: sandbox.url, CERTN_REQUESTS_PER_MINUTE: String(perMinute), ...env },
    });
    team = await connectedTeam(app, sandbox);
  }
  const testsAtOnce = (): Promise<Answer<Tested>[]> =>
    Promise.all(Array.from({ length: tests }, () => team.admin.post<Tested>('/integrations/certn/test')));

  /** The account's calls of this minute, by purpose. */
  const calls = (): Promise<Record<string, number>> =>
    withDatabase(app, async (database) => {
      const sql = `select used_for from integrations.vendor_budget where span = 'minute'`;
      return (await database.query<{ used_for: Record<string, number> }>(sql)).rows[0]?.used_for ?? {};
    });

  it('leave the order share of the budget: a check sent at that time is ordered at once', async () => {
    await start({ CONNECTION_TESTS_PER_MINUTE: '1000' });
    const ready = await readyToSend(team);
    const answers = await testsAtOnce();
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
    const { id } = (await send(team.admin, ready)).body;
    await reaches(team, id, 'invited');
    const used = await calls();
    expect(used['order']).toBe(1);
    expect(used['urgent'] ?? 0).toBe(0);
    expect(Object.values(used).reduce((sum, n) => sum + n, 0)).toBeLessThanOrEqual(0.8 * perMinute);
  });

  it('exceed the limit of one team and are refused', async () => {
    await start({ CONNECTION_TESTS_PER_MINUTE: '10' });
    const answers = await testsAtOnce();
    const refused = answers.filter(({ status }) => status === 429);
    // Connecting used one of the ten tests.
    expect([refused.length, answers.filter(({ status }) => status === 200).length]).toEqual([tests - 9, 9]);
    expect(refused[0]?.body).toMatchObject({
      reason: 'too_many_requests',
      message: 'Your team has tested the connection too often within a minute. Try again shortly.',
    });
    const saved = await team.admin.put('/integrations/certn', {});
    expect(saved.status).toBe(429);
    const others = await connectedTeam(app, sandbox);
    expect((await others.admin.post('/integrations/certn/test')).status).toBe(200);
  });
});
