import pg from 'pg';
import type { RunningApp } from '../support/app.js';
import { shows } from '../support/checks.js';
import { eventually } from '../support/eventually.js';
import {
  aTeamWithoutInvitations,
  attemptsOf,
  ledgerOf,
  sends,
  failOrders,
  startAppWithShortTimeouts,
} from '../support/lost-answers.js';
import { type Sandbox, startSandbox } from '../support/sandbox.js';
import { type ConnectedTeam, reaches } from '../support/fixtures.js';

/** An attempt takes longer than the test needs to call it lost. No reconciliation is scheduled within the test. */
describe('orders without a job or a worker [R-75]', () => {
  let app: RunningApp;
  let sandbox: Sandbox;
  let database: pg.Client;
  let team: ConnectedTeam;

  beforeAll(async () => {
    sandbox = await startSandbox();
    app = await startAppWithShortTimeouts(sandbox, { ORDER_TIMEOUT_MS: '19000', ORDER_OUTCOME_UNKNOWN_SECONDS: '600' });
    database = new pg.Client({ connectionString: app.databaseUrl });
    await database.connect();
  });
  beforeEach(async () => {
    team = await aTeamWithoutInvitations(app, sandbox);
  });
  afterAll(async () => {
    await database?.end();
    await app?.close();
    await sandbox?.stop();
  });

  const change = (id: string, what: string): Promise<unknown> =>
    database.query(`update integrations.order set ${what} where id = $1`, [id]);

  async function beingSent(answerAfterMs: number): Promise<string> {
    await failOrders(team, 'commit-then-hang', { ms: answerAfterMs });
    const { id } = await sends(team);
    await eventually(
      'Certn has it',
      () => ledgerOf(team),
      ({ length }) => length === 1,
    );
    return id;
  }

  async function isFound(id: string, by: string): Promise<void> {
    const check = await shows(team, id, 'its case', ({ vendor }) => vendor.case_id !== null, 20_000);
    expect((await ledgerOf(team)).map((line) => line.case)).toEqual([check.vendor.case_id]);
    expect(await attemptsOf(team)).toHaveLength(1);
    const row = await database.query('select found_by from integrations.order where id = $1', [id]);
    expect(row.rows).toEqual([{ found_by: by }]);
  }

  it('are found from their rows: an attempt without worker and job, then a reconciliation without job [C5, C6]', async () => {
    const id = await beingSent(18000);
    // The response of the current attempt will find another attempt, as if its worker had died.
    await change(id, `attempt = attempt + 1, deadline = now() - interval '11 seconds'`);
    await reaches(team, id, 'confirming', 12_000);
    await change(id, `reconcile_at = now() - interval '61 seconds', nudges = 0`);
    await isFound(id, 'list');
  });

  it('accept a response that comes after the attempt was given up [C11]', async () => {
    const id = await beingSent(16000);
    await change(id, `deadline = now() - interval '11 seconds'`);
    await reaches(team, id, 'confirming', 12_000);
    await isFound(id, 'response');
  });
});
