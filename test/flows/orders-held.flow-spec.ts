import pg from 'pg';
import { type RunningApp, startApp } from '../support/app.js';
import { shows } from '../support/checks.js';
import { eventually } from '../support/eventually.js';
import { startSandbox, type Sandbox } from '../support/sandbox.js';
import { connectedTeam, type ConnectedTeam, reaches, readyToSend, send } from '../support/fixtures.js';

/** `ORDERS_HELD=true`: the operator wants to check first, for example after a restore. */
describe('orders that are held', () => {
  let sandbox: Sandbox;
  let held: RunningApp;
  let team: ConnectedTeam;

  beforeAll(async () => {
    sandbox = await startSandbox();
    held = await startApp({
      env: { CERTN_BASE_URL: sandbox.url, ORDERS_HELD: 'true', CERTN_REQUESTS_PER_MINUTE: '12' },
    });
    team = await connectedTeam(held, sandbox);
  });
  afterAll(async () => {
    await held.close();
    await sandbox.stop();
  });

  const ordersAtCertn = async (): Promise<number> =>
    (await sandbox.control.ledger({ account: team.account.id })).length;
  const healthOf = async (app: RunningApp): Promise<unknown> => (await fetch(new URL('/health/ready', app.url))).json();

  /** As if the time until held orders are checked again had passed. */
  async function dueNow(): Promise<void> {
    const database = new pg.Client({ connectionString: held.databaseUrl });
    await database.connect();
    await database.query(
      `update integrations.order set due_at = now() - interval '1 second' where state = 'requested'`,
    );
    await database.query(`update queue.job set start_after = now() where name like 'integrations.order-due%'`);
    await database.end();
  }

  it('are not sent; the check shows why, and so does health; without the setting they are sent automatically', async () => {
    const { id } = (await send(team.admin, await readyToSend(team))).body;
    const waiting = await shows(team, id, 'that it waits', ({ failure }) => failure?.reason === 'orders_held');
    expect(waiting).toMatchObject({ status: 'requested', failure: { message: expect.stringContaining('on hold') } });
    expect(await healthOf(held)).toEqual({ status: 'ok', orders: 'held' });
    await dueNow();
    await eventually(
      'it was checked again',
      async () => (await shows(team, id, 'that it waits', () => true)).failure?.reason,
      (reason) => reason === 'orders_held',
    );
    expect(await ordersAtCertn()).toBe(0);

    const free = await startApp({
      databaseUrl: held.databaseUrl,
      env: { CERTN_BASE_URL: sandbox.url, ORDERS_HELD: 'false' },
    });
    try {
      expect(await healthOf(free)).toEqual({ status: 'ok' });
      // Either replica may take the job. The order may wait until only the replica without the setting is left.
      await eventually(
        'the order is sent',
        async () => {
          await dueNow();
          return ordersAtCertn();
        },
        (orders) => orders === 1,
        20_000,
      );
      expect((await reaches(team, id, 'invited')).status).toBe('invited');
      expect(await ordersAtCertn()).toBe(1);
    } finally {
      await free.close();
    }
  });

  it('are checked no more often than they could be sent, however many there are', async () => {
    const ids: string[] = [];
    for (let n = 0; n < 16; n += 1) ids.push((await send(team.admin, await readyToSend(team))).body.id);
    const turns = await eventually(
      'each has its next turn',
      () => turnsOf(ids),
      (all) => all.every((seconds) => seconds > 5),
    );
    // Twelve calls a minute are five seconds apart on average.
    expect(Math.max(...turns) - Math.min(...turns)).toBeGreaterThan(30);
  });

  /** The seconds until each of these orders is checked again. */
  async function turnsOf(ids: string[]): Promise<number[]> {
    const database = new pg.Client({ connectionString: held.databaseUrl });
    await database.connect();
    const { rows } = await database.query<{ seconds: number }>(
      `select extract(epoch from due_at - now())::float8 as seconds from integrations.order
       where id = any($1) and state = 'requested' order by created_at, id`,
      [ids],
    );
    await database.end();
    return ids.map((_, nth) => rows[nth]?.seconds ?? 0);
  }
});
