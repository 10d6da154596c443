import { freePort } from '../../scripts/free-port.js';
import { type RunningApp, startApp } from '../support/app.js';
import { copyRows } from '../support/copy-rows.js';
import { type Sandbox, startSandbox } from '../support/sandbox.js';
import { connectedTeam, type ConnectedTeam, reaches, readyToSend, send } from '../support/fixtures.js';
import { createTestDatabase, type TestDatabase } from '../support/test-database.js';

/** The check is requested while no worker runs, then dumped, then ordered. The restored dump has no order of it yet. */
describe('a dump from before an order was sent', () => {
  let sandbox: Sandbox;
  let original: TestDatabase;
  let restored: TestDatabase;
  let app: RunningApp;
  let team: ConnectedTeam;
  let settings: { env: Record<string, string>; port: number };

  beforeAll(async () => {
    sandbox = await startSandbox();
    const quick = {
      ORDER_OUTCOME_UNKNOWN_SECONDS: '1,2,4',
      ORDER_VISIBILITY_LAG_SECONDS: '1',
      ORDER_TIMEOUT_MS: '1000',
    };
    settings = { env: { CERTN_BASE_URL: sandbox.url, ROLE: 'all', ...quick }, port: await freePort() };
    [original, restored] = [await createTestDatabase(), await createTestDatabase()];
    app = await startApp({ ...settings, databaseUrl: original.url, env: { ...settings.env, ROLE: 'api' } });
    team = await connectedTeam(app, sandbox);
  });
  afterAll(async () => {
    await app.close();
    await original.drop();
    await restored.drop();
    await sandbox.stop();
  });

  async function startOn({ url }: TestDatabase): Promise<void> {
    await app.close();
    app = await startApp({ ...settings, databaseUrl: url });
  }

  const ordersAtCertn = async (): Promise<number> =>
    (await sandbox.control.ledger({ account: team.account.id })).length;

  it('causes no second order: the case is found, and an order that was never sent is sent', async () => {
    const gone = (await send(team.admin, await readyToSend(team))).body.id;
    const left = (await send(team.admin, await readyToSend(team))).body.id;
    await copyRows(original.url, restored.url);
    await team.admin.post(`/background_checks/${left}/cancel`);
    await startOn(original);
    const before = await reaches(team, gone, 'invited');
    expect(await ordersAtCertn()).toBe(1);

    await startOn(restored);
    const after = await reaches(team, gone, 'invited', 60_000);
    expect(after.vendor).toMatchObject({ case_id: before.vendor.case_id });
    // The dump does not contain the cancellation.
    await reaches(team, left, 'invited', 60_000);
    expect(await ordersAtCertn()).toBe(2);
    const fresh = (await send(team.admin, await readyToSend(team))).body.id;
    await reaches(team, fresh, 'invited');
    expect(await ordersAtCertn()).toBe(3);
  }, 120_000);
});
