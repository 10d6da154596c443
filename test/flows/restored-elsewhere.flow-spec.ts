import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { type EmbeddedPostgres, startEmbeddedPostgres } from '../../scripts/embedded-postgres.js';
import { freePort } from '../../scripts/free-port.js';
import { migrate } from '../../src/commands/migrate.js';
import { type RunningApp, startApp } from '../support/app.js';
import { copyRows } from '../support/copy-rows.js';
import { asService } from '../support/environment.js';
import { eventually } from '../support/eventually.js';
import { type Sandbox, startSandbox } from '../support/sandbox.js';
import { aSentCheck, connectedTeam, type ConnectedTeam, readyToSend, reaches, send } from '../support/fixtures.js';
import { UpdateListener } from '../support/update-listener.js';

/**
 * A dump is restored into another cluster, with the PostgreSQL from npm. The first cluster is the one that the run uses. In
 * the containers' suite this is PostgreSQL 15, so that the restore is also an upgrade.
 */
describe('a move of the data to another cluster', () => {
  const folder = mkdtempSync(join(tmpdir(), 'ats-elsewhere-'));
  let sandbox: Sandbox;
  let app: RunningApp;
  let team: ConnectedTeam;
  let cluster: EmbeddedPostgres;
  let settings: { env: Record<string, string>; port: number };
  const listeners: UpdateListener[] = [];

  beforeAll(async () => {
    // When root runs the tests, PostgreSQL's own user must be able to read its cluster.
    chmodSync(folder, 0o711);
    sandbox = await startSandbox();
    settings = {
      env: {
        CERTN_BASE_URL: sandbox.url,
        ORDER_OUTCOME_UNKNOWN_SECONDS: '1,2,4',
        ORDER_VISIBILITY_LAG_SECONDS: '1',
        ORDER_TIMEOUT_MS: '500',
      },
      port: await freePort(),
    };
    [app, cluster] = await Promise.all([
      startApp(settings),
      startEmbeddedPostgres({ folder: join(folder, 'postgres'), keep: false }),
    ]);
    team = await connectedTeam(app, sandbox);
  });
  afterAll(async () => {
    listeners.forEach((listener) => listener.close());
    await app.close();
    await cluster.stop();
    await sandbox.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  /** Stops the service, moves its data to the other cluster, and starts it there at the same address. */
  async function move(): Promise<void> {
    const url = new URL(cluster.url);
    url.pathname = '/ats_test_elsewhere';
    await inside(cluster.url, 'create database ats_test_elsewhere');
    await migrate(url.href, asService(url.href));
    // All counters of the old cluster are far ahead of the new one.
    await inside(
      app.databaseUrl,
      'do $$ begin for n in 1..5000 loop perform pg_current_xact_id(); commit; end loop; end $$',
    );
    expect(await copyRows(app.databaseUrl, url.href)).toBeGreaterThan(0);
    await app.close();
    app = await startApp({ ...settings, databaseUrl: url.href });
  }

  it('resets an open console once, which then gets only real changes; no order is sent twice; kept copies have to be made again', async () => {
    const checks = [await aSentCheck(team), await aSentCheck(team), await aSentCheck(team)];
    const [changing] = checks;
    if (!changing) throw new Error('There are three.');
    const quiet = await UpdateListener.start(team.admin);
    quiet.close();
    const { cursor } = (await team.admin.get<{ cursor: string }>('/changes')).body;
    await move();

    const resumed = await UpdateListener.start(team.admin, quiet.lastEventId);
    const fresh = await UpdateListener.start(team.admin);
    listeners.push(resumed, fresh);
    await eventually('it gets a reset', async () => resumed.updates.length, Boolean);
    await sandbox.control.act(changing.caseId, 'open');
    for (const listener of listeners) await listener.hears(changing.id, 'opened');
    const { id } = (await send(team.admin, await readyToSend(team))).body;
    await reaches(team, id, 'invited');
    for (const listener of listeners) await listener.hears(id, 'invited');
    expect(resumed.updates.filter(({ event }) => event === 'reset')).toHaveLength(1);
    expect(resumed.updates[0]?.event).toBe('reset');
    for (const { updates } of listeners) {
      const changed = updates.filter(({ event }) => event !== 'reset').map(({ data }) => data.id);
      expect([...new Set(changed)].sort()).toEqual([changing.id, id].sort());
    }
    expect(await sandbox.control.ledger({ account: team.account.id })).toHaveLength(4);
    // A copy may be ahead of what was restored.
    const changes = await team.admin.get(`/changes?after=${cursor}`);
    expect([changes.status, changes.body['reason']]).toEqual([410, 'cursor_expired']);
  });
});

async function inside(databaseUrl: string, statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}
