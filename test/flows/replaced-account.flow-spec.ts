import { type RunningApp, startApp } from '../support/app.js';
import { eventually } from '../support/eventually.js';
import { withDatabase } from '../support/scheduled-tasks.js';
import { type Sandbox, startSandbox } from '../support/sandbox.js';
import { aSentCheck, anAccount, completes, connect, connectedTeam, reaches } from '../support/fixtures.js';

interface Refusal {
  reason: string;
  message: string;
}

describe('A replaced account', () => {
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

  it('serves the reports of its checks until its key expires, and is then removed; the check stays and says why', async () => {
    const team = await connectedTeam(app, sandbox);
    const { id, caseId } = await aSentCheck(team);
    await completes(team, caseId);
    await reaches(team, id, 'complete');
    await connect(team.admin, await anAccount(sandbox));
    expect((await team.admin.get(`/background_checks/${id}/results`)).status).toBe(200);
    const connections = (change = '') =>
      withDatabase(app, async (db) => {
        const { rows } = await db.query<{ current: boolean }>(
          `${change || 'select current from integrations.connection where team_id = $1'}`,
          [team.teamId],
        );
        return rows;
      });
    expect(await connections()).toHaveLength(2);
    await connections(`update integrations.connection set updated_at = now() - interval '401 days'
      where team_id = $1 and not current`);
    const left = await eventually('it is gone', connections, ({ length }) => length === 1, 25_000);
    expect(left).toEqual([{ current: true }]);
    const refused = await team.admin.get<Refusal>(`/background_checks/${id}/results`);
    expect([refused.status, refused.body.reason]).toEqual([409, 'results_not_available']);
    expect(refused.body.message).toMatch(/^The Certn account of this check was replaced\. Open its report in Certn\.$/);
    expect((await team.admin.get(`/background_checks/${id}`)).body).toMatchObject({ status: 'complete' });
  }, 60_000);
});
