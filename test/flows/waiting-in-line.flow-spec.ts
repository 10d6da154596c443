import { type RunningApp, startApp } from '../support/app.js';
import { eventually } from '../support/eventually.js';
import { withDatabase } from '../support/scheduled-tasks.js';
import { type Sandbox, startSandbox } from '../support/sandbox.js';
import { aSentCheck, connectedTeam, type ConnectedTeam, readyToSend, send } from '../support/fixtures.js';

/** Only orders from the same poll of the queue may overtake each other on the wire. */
const sideBySide = 4;

describe('orders that wait for the calls of the next minute', () => {
  let app: RunningApp;
  let sandbox: Sandbox;
  let team: ConnectedTeam;

  beforeAll(async () => {
    sandbox = await startSandbox();
    app = await startApp({ env: { CERTN_BASE_URL: sandbox.url, CERTN_REQUESTS_PER_MINUTE: '60' } });
    team = await connectedTeam(app, sandbox);
    await aSentCheck(team);
  });
  afterAll(async () => {
    await app?.close();
    await sandbox?.stop();
  });

  const asks = async (): Promise<string> => (await send(team.admin, await readyToSend(team))).body.id;

  /** When the jobs of these orders run next, in seconds after the first of them; null: no job. */
  async function waits(ids: string[]): Promise<(number | null)[]> {
    const rows = await withDatabase(app, (db) =>
      db.query<{ id: string; at: string }>(
        `select data->>'orderId' as id, max(extract(epoch from start_after)) as at from queue.job
         where name like 'integrations.order-due%' and state in ('created', 'retry') and start_after > now() + interval '5 seconds'
         group by 1`,
      ),
    );
    const at = new Map(rows.rows.map((row) => [row.id, Number(row.at)]));
    const first = Math.min(...at.values());
    return ids.map((id) => (at.has(id) ? (at.get(id) ?? 0) - first : null));
  }

  /** The calls of this minute are used up. The minute ends in half a minute. */
  const minuteIsUsedUp = (): Promise<unknown> =>
    withDatabase(app, (db) =>
      db.query(`update integrations.vendor_budget
                set used = 60, used_for = '{"order": 60}', started_at = now() - interval '30 seconds' where span = 'minute'`),
    );
  const minuteIsOver = (): Promise<unknown> =>
    withDatabase(app, async (db) => {
      await db.query(
        `update integrations.vendor_budget set started_at = started_at - interval '30 seconds' where span = 'minute'`,
      );
      await db.query(`update integrations.order set due_at = due_at - interval '30 seconds' where state = 'requested'`);
      await db.query(`update queue.job set start_after = start_after - interval '30 seconds'
                      where name like 'integrations.order-due%' and state in ('created', 'retry')`);
    });

  it('are sent in order, one after the other; later requests do not overtake them', async () => {
    await minuteIsUsedUp();
    const ids: string[] = [];
    for (let n = 0; n < 10; n += 1) ids.push(await asks());
    const planned = await eventually(
      'all wait',
      () => waits(ids),
      (all) => all.every((at) => at !== null),
    );
    const turns = planned.toSorted((a, b) => (a ?? 0) - (b ?? 0));
    expect(Math.max(...planned.map((at, nth) => Math.abs(turns.indexOf(at) - nth)))).toBeLessThan(sideBySide);
    // A second apart on average, as sixty calls a minute allow, and not all when the minute is over.
    expect(planned.at(-1)).toBeGreaterThan(5);
    await minuteIsOver();
    ids.push(await asks());
    const ledger = await eventually(
      'all are ordered',
      () => sandbox.control.ledger({ account: team.account.id }),
      ({ length }) => length === ids.length + 1,
      40_000,
    );
    const emails = await withDatabase(app, (db) =>
      db.query<{ id: string; email: string }>('select id, email from integrations.order'),
    );
    const idOf = new Map(emails.rows.map(({ id, email }) => [email, id]));
    const order = ledger.slice(1).map(({ email }) => ids.indexOf(idOf.get(email) ?? ''));
    const displaced = order.map((place, at) => Math.abs(place - at));
    expect(Math.max(...displaced)).toBeLessThan(sideBySide);
  }, 90_000);
});
