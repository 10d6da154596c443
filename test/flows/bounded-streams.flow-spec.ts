import pg from 'pg';
import { type RunningApp, startApp } from '../support/app.js';
import { eventually } from '../support/eventually.js';
import { aColleague, type Person } from '../support/people.js';
import { type Sandbox, startSandbox } from '../support/sandbox.js';
import { aSentCheck, connectedTeam, type ConnectedTeam } from '../support/fixtures.js';
import { UpdateListener } from '../support/update-listener.js';

const mostOfUser = 10;
const mostAtOnce = 500;

let app: RunningApp;
let sandbox: Sandbox;
let team: ConnectedTeam;
let database: pg.Client;
const listeners: UpdateListener[] = [];
beforeAll(async () => {
  sandbox = await startSandbox();
  app = await startApp({ env: { CERTN_BASE_URL: sandbox.url } });
  team = await connectedTeam(app, sandbox);
  database = new pg.Client({ connectionString: app.databaseUrl });
  await database.connect();
});
afterEach(() => listeners.splice(0).forEach((listener) => listener.close()));
afterAll(async () => {
  await database?.end();
  await app?.close();
  await sandbox?.stop();
});

async function listen(person: Person, lastEventId?: string): Promise<UpdateListener> {
  const listener = await UpdateListener.start(person, lastEventId);
  listeners.push(listener);
  return listener;
}

/** Copies of a check, saved by a transaction of their own. */
async function copies(of: string, count: number): Promise<void> {
  const columns = await database.query<{ name: string }>(
    `select quote_ident(attname) as name from pg_attribute
     where attrelid = 'background_checks.background_check'::regclass and attnum > 0 and not attisdropped`,
  );
  const names = columns.rows.map(({ name }) => name);
  const own: Record<string, string> = {
    id: 'gen_random_uuid()',
    application_id: 'gen_random_uuid()',
  };
  await database.query(`
    with made as (insert into background_checks.background_check (${names.join()})
    select ${names.map((name) => own[name] ?? name).join()}
    from background_checks.background_check, generate_series(1, ${count}) where id = '${of}'
    returning team_id, id)
    select pg_notify('background_check_saved', team_id || '/' || id) from made`);
}

const kinds = ({ updates }: UpdateListener): Set<string> => new Set(updates.map(({ event }) => event));

describe('streams of updates', () => {
  it('are limited to ten for one person; the next is refused with a message, other people are not affected [G9]', async () => {
    const [person, other] = [await aColleague(team.admin, 'standard'), await aColleague(team.admin, 'standard')];
    const open = await Promise.all(Array.from({ length: mostOfUser }, () => listen(person)));
    const refused = await person.get('/updates');
    expect(refused.status).toBe(429);
    expect(refused.body).toMatchObject({
      reason: 'too_many_streams',
      message: 'You have too many open update streams. Close some first.',
    });
    expect(refused.headers.get('retry-after')).toBe('15');
    expect((await listen(other)).response.status).toBe(200);
    open[0]?.close();
    await eventually(
      'a slot is free again',
      () => listen(person),
      ({ response }) => response.status === 200,
    );
  });

  it('get one reset after a long absence instead of every missed change, and continue from there [G9]', async () => {
    const { id } = await aSentCheck(team);
    const before = await listen(team.admin);
    before.close();
    await copies(id, mostAtOnce + 1);
    const resumed = await listen(team.admin, before.lastEventId);
    await eventually(
      'it gets a reset',
      async () => resumed.updates,
      (updates) => updates.length > 0,
    );
    expect(resumed.updates.map(({ event, data }) => [event, data])).toEqual([['reset', {}]]);
    const again = await listen(team.admin, resumed.lastEventId);
    const fresh = await aSentCheck(team);
    for (const listener of [resumed, again]) await listener.hears(fresh.id, 'invited');
  });

  it('get one reset when very many changes come at once, instead of each change [G9]', async () => {
    const { id } = await aSentCheck(team);
    const listener = await listen(team.admin);
    await copies(id, 4 * mostAtOnce);
    await eventually('it gets a reset', async () => kinds(listener).has('reset'), Boolean);
    const fresh = await aSentCheck(team);
    await listener.hears(fresh.id, 'invited');
    // The changes arrive in batches. Those before the limit were sent one by one.
    expect(listener.updates.length).toBeLessThan(mostAtOnce + 20);
  });

  it('resume with every missed change when few were missed', async () => {
    const first = await listen(team.admin);
    first.close();
    const { id } = await aSentCheck(team);
    await copies(id, 50);
    const resumed = await listen(team.admin, first.lastEventId);
    await resumed.hears(id, 'invited');
    await eventually(
      'all changes arrive',
      async () => new Set(resumed.updates.map(({ data }) => data.id)).size,
      (count) => count >= 51,
    );
    expect(kinds(resumed).has('reset')).toBe(false);
  });
});
