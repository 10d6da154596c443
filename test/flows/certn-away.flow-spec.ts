import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import type { RunningApp } from '../support/app.js';
import { eventually } from '../support/eventually.js';
import { aTeamWithoutInvitations, attemptsOf, ledgerOf, startAppWithShortTimeouts } from '../support/lost-answers.js';
import { type Sandbox, startSandbox } from '../support/sandbox.js';
import { reaches, readyToSend, send } from '../support/fixtures.js';

describe('an outage of Certn [R-77]', () => {
  let app: RunningApp;
  let sandbox: Sandbox;
  let database: pg.Client;
  let dataDir: string;

  beforeAll(async () => {
    dataDir = await mkdtemp(join(tmpdir(), 'certn-'));
    sandbox = await startSandbox({ dataDir });
    app = await startAppWithShortTimeouts(sandbox, { CERTN_ORDERS_PER_DAY: '2' });
    database = new pg.Client({ connectionString: app.databaseUrl });
    await database.connect();
  });
  afterAll(async () => {
    await database?.end();
    await app?.close();
    await sandbox?.stop();
    await rm(dataDir, { recursive: true, force: true });
  });

  it('does not let unsent orders use up the daily budget; they are sent once it is over [E1, E15]', async () => {
    const team = await aTeamWithoutInvitations(app, sandbox);
    const port = Number(new URL(sandbox.url).port);
    const ready = await readyToSend(team);
    await sandbox.stop();
    const { id } = (await send(team.admin, ready)).body;
    const attempts = async (): Promise<number> =>
      (await database.query<{ attempt: number }>('select attempt from integrations.order where id = $1', [id])).rows[0]
        ?.attempt ?? 0;
    await eventually('it was tried more often than a day allows', attempts, (count) => count > 2, 20_000);
    await sandbox.start(port);
    await reaches(team, id, 'sent', 20_000);
    expect([await ledgerOf(team), (await attemptsOf(team)).length]).toMatchObject([[{ account: team.account.id }], 1]);
  });
});
