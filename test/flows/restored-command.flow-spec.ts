import pg from 'pg';
import { recordNewDatabase } from '../../src/platform/database/identity.js';
import { run } from '../../src/commands/restored.js';
import { type RunningApp, startApp } from '../support/app.js';
import { shows } from '../support/checks.js';
import { environment } from '../support/environment.js';
import { type Sandbox, startSandbox } from '../support/sandbox.js';
import { connectedTeam, type ConnectedTeam, reaches, readyToSend, send } from '../support/fixtures.js';
import { createTestDatabase, type TestDatabase } from '../support/test-database.js';

/** A disk that is restored from a snapshot does not show it. Only an operator knows. */
describe('npm run restored', () => {
  let sandbox: Sandbox;
  let database: TestDatabase;
  let snapshot: TestDatabase;
  let app: RunningApp;
  let team: ConnectedTeam;
  let env: Record<string, string>;

  beforeAll(async () => {
    sandbox = await startSandbox();
    env = {
      CERTN_BASE_URL: sandbox.url,
      ORDERS_HELD: 'false',
      ...{ ORDER_OUTCOME_UNKNOWN_SECONDS: '1,2,4', ORDER_VISIBILITY_LAG_SECONDS: '1', ORDER_TIMEOUT_MS: '1000' },
    };
    database = await createTestDatabase();
    snapshot = await createTestDatabase();
  });
  afterAll(async () => {
    await app.close();
    await database.drop();
    await snapshot.drop();
    await sandbox.stop();
  });

  /** The snapshot of the database as it is now. Nothing in it shows that it is a snapshot. */
  async function takeSnapshot(): Promise<void> {
    const [from, to] = [database.url, snapshot.url].map((url) => new URL(url).pathname.slice(1));
    await as(maintenance(database.url), async (admin) => {
      await admin.query(`drop database ${to} with (force)`);
      await admin.query(`create database ${to} template ${from}`);
    });
    await as(snapshot.url, (client) => recordNewDatabase(client, false));
  }

  it('prints how many orders are reconciled; what Certn has is found and not sent again', async () => {
    app = await startApp({ databaseUrl: database.url, env: { ...env, ORDERS_HELD: 'true' } });
    team = await connectedTeam(app, sandbox);
    const { id } = (await send(team.admin, await readyToSend(team))).body;
    await shows(team, id, 'that it waits', ({ failure }) => failure?.reason === 'orders_held');
    await app.close();
    await takeSnapshot();

    await restart(database);
    await reaches(team, id, 'invited', 60_000);
    await app.close();

    for (const time of ['first', 'again'])
      expect([time, await run(environment(snapshot.url, env))]).toEqual([
        time,
        { done: true, text: expect.stringMatching(/^1 unfinished order of 1 team: /) },
      ]);
    await restart(snapshot);
    await reaches(team, id, 'invited', 60_000);
    expect(await sandbox.control.ledger({ account: team.account.id })).toHaveLength(1);
  }, 120_000);

  it('says so when there is nothing to reconcile, and what is wrong when it cannot query', async () => {
    expect(await run(environment(snapshot.url, env))).toEqual({
      done: true,
      text: 'No order is unfinished: nothing has to be reconciled.',
    });
    const nowhere = await run(environment('postgresql://nobody@127.0.0.1:1/nothing', env));
    expect(nowhere).toEqual({ done: false, text: expect.stringContaining('The database cannot be used') });
  });

  async function restart({ url }: TestDatabase): Promise<void> {
    const at = Number(new URL(app.url).port);
    app = await startApp({ databaseUrl: url, env, port: at });
    await as(url, (client) =>
      client.query(`update integrations.order set due_at = now() - interval '1 second' where state = 'requested';
        update queue.job set start_after = now() where name like 'integrations.order-due%'`),
    );
  }
});

/** Another database of the same server. */
function maintenance(url: string): string {
  const other = new URL(url);
  other.pathname = '/postgres';
  return other.href;
}

async function as(url: string, work: (client: pg.Client) => Promise<unknown>): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await work(client);
  } finally {
    await client.end();
  }
}
