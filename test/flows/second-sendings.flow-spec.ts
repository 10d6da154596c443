import pg from 'pg';
import type { RunningApp } from '../support/app.js';
import { eventually } from '../support/eventually.js';
import { aPatientTeam, ledgerOf, sends, spoilOrders, startImpatientApp } from '../support/lost-answers.js';
import { type Sandbox, startSandbox } from '../support/sandbox.js';
import { reaches } from '../support/situations.js';

describe('R-75: an order that is sent a second time while orders fail', () => {
  let app: RunningApp;
  let sandbox: Sandbox;
  let database: pg.Client;

  beforeAll(async () => {
    sandbox = await startSandbox();
    // Second sendings are spared for a minute, longer than this takes.
    app = await startImpatientApp(sandbox, { ORDER_BREAKER_FAILURES: '1', ORDER_BREAKER_SECONDS: '1,60' });
    database = new pg.Client({ connectionString: app.databaseUrl });
    await database.connect();
  });
  afterAll(async () => {
    await database?.end();
    await app?.close();
    await sandbox?.stop();
  });

  it('E15: another goes first, for a second loss only a person could settle; it follows once that worked', async () => {
    const team = await aPatientTeam(app, sandbox);
    // A case that the list must show: without one, a list proves nothing.
    const known = await reaches(team, (await sends(team)).id, 'sent');
    await spoilOrders(team, 'status');
    const lost = await sends(team);
    const resends = async (): Promise<number> =>
      (
        await database.query<{ resends: number }>('select resends from integrations.vendor_order where id = $1', [
          lost.id,
        ])
      ).rows[0]?.resends ?? 0;
    await eventually('it is proved absent', resends, (count) => count === 1, 25_000);
    const other = await reaches(team, (await sends(team)).id, 'sent');
    const second = await reaches(team, lost.id, 'sent', 20_000);
    const inOrder = [known, other, second].map(({ certn }) => certn.case_id);
    expect((await ledgerOf(team)).map((line) => line.case)).toEqual(inOrder);
  });
});
