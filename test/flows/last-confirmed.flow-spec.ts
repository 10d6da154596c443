import { type RunningApp, startApp } from '../support/app.js';
import { eventually } from '../support/eventually.js';
import { taskIsDue, timePasses, withDatabase } from '../support/scheduled-tasks.js';
import { type Sandbox, startSandbox } from '../support/sandbox.js';
import { aSentCheck, connectedTeam, type ConnectedTeam } from '../support/fixtures.js';

describe('the time of the last confirmation of a check', () => {
  let app: RunningApp;
  let sandbox: Sandbox;
  let team: ConnectedTeam;

  beforeAll(async () => {
    sandbox = await startSandbox();
    app = await startApp({ env: { CERTN_BASE_URL: sandbox.url } });
    team = await connectedTeam(app, sandbox);
  });
  afterAll(async () => {
    await app?.close();
    await sandbox?.stop();
  });

  interface Shown {
    confirmed_at: string;
    updated_at: string;
  }
  const shown = async (id: string): Promise<Shown> => (await team.admin.get<Shown>(`/background_checks/${id}`)).body;
  const listed = async (id: string): Promise<Shown | undefined> =>
    (await team.admin.get<(Shown & { id: string })[]>('/background_checks')).body.find((check) => check.id === id);
  const ageInDays = ({ confirmed_at: at }: Shown): number => (Date.now() - Date.parse(at)) / 86_400_000;

  it('is updated by the sweep without any change to the check', async () => {
    const { id } = await aSentCheck(team);
    await timePasses(app, team.teamId, '21 days');
    await withDatabase(app, (db) =>
      db.query(
        `update background_checks.background_check set confirmed_at = confirmed_at - interval '21 days' where id = $1`,
        [id],
      ),
    );
    const before = await shown(id);
    expect(ageInDays(before)).toBeGreaterThan(20);
    await taskIsDue(app, team.teamId, 'sweep');
    const after = await eventually(
      'it is confirmed',
      () => shown(id),
      (check) => ageInDays(check) < 0.1,
      15_000,
    );
    expect(after.updated_at).toBe(before.updated_at);
    expect((await listed(id))?.confirmed_at).toBe(after.confirmed_at);
  });
});
