import pg from 'pg';
import { type RunningApp, startApp } from '../support/app.js';
import { aConnection } from '../support/connection.js';
import { type Sandbox, startSandbox } from '../support/sandbox.js';

let app: RunningApp;
let sandbox: Sandbox;
let database: pg.Client;
beforeAll(async () => {
  sandbox = await startSandbox();
  app = await startApp({ env: { CERTN_BASE_URL: sandbox.url } });
  database = new pg.Client({ connectionString: app.databaseUrl });
  await database.connect();
});
afterAll(async () => {
  await database?.end();
  await app?.close();
  await sandbox?.stop();
});

describe('An attacker with write access to the database [F8]', () => {
  it('cannot make one team use the key of another by moving its ciphertext', async () => {
    const rich = await aConnection(app, sandbox);
    const thief = await aConnection(app, sandbox);
    const read = (team: typeof rich) => team.admin.get<object>('/integrations/certn/packages?refresh=true');
    expect([(await read(rich)).status, (await read(thief)).status]).toEqual([200, 200]);
    const moved = await database.query(
      `update integrations.connection t set api_key = r.api_key
       from integrations.connection r where t.team_id = $1 and r.team_id = $2`,
      [thief.teamId, rich.teamId],
    );
    expect(moved.rowCount).toBe(1);
    const before = (await sandbox.control.requests({ account: rich.account.id })).length;
    expect((await thief.admin.post<{ ok: boolean }>('/integrations/certn/test')).body).not.toMatchObject({ ok: true });
    await read(thief);
    expect(await sandbox.control.requests({ account: rich.account.id })).toHaveLength(before);
    expect((await read(rich)).status).toBe(200);
  });
});
