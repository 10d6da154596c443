import pg from 'pg';
import { type RunningApp, startApp } from '../support/app.js';
import { eventually } from '../support/eventually.js';
import type { Change } from '../support/kept-copy.js';
import { call } from '../support/people.js';
import { type CallerName, callers, type Callers, invite } from '../support/rights/callers.js';
import { checkRoutes } from '../support/rights/check-routes.js';
import { jobRoutes } from '../support/rights/job-routes.js';
import { asCell, leaksIn, placesIn, revealsResult } from '../support/rights/leaks.js';
import { lists, rights } from '../support/rights/lists.js';
import { filled, requestFor } from '../support/rights/requests.js';
import { blocksOf, type Row } from '../support/rights/table.js';
import { teamRoutes } from '../support/rights/team-routes.js';
import { everyRoute } from '../support/described-routes.js';
import { aWorld, type PlaceName, placeNames, placesOf, type World } from '../support/rights/world.js';
import { type Sandbox, startSandbox } from '../support/sandbox.js';
import { UpdateListener } from '../support/update-listener.js';

let app: RunningApp;
let sandbox: Sandbox;
let database: pg.Client;
let world: World;
let people: Callers;
beforeAll(async () => {
  sandbox = await startSandbox();
  app = await startApp({ env: { CERTN_BASE_URL: sandbox.url } });
  database = new pg.Client({ connectionString: app.databaseUrl });
  await database.connect();
  world = await aWorld(app, sandbox);
  people = await invite(app, world);
}, 60_000);
afterAll(async () => {
  await database?.end();
  await app?.close();
  await sandbox?.stop();
});

const blocks = [jobRoutes, checkRoutes, teamRoutes].flatMap(blocksOf);
const routes = blocks.flatMap((block) => block.routes.map((route) => ({ route, rows: block.rows })));
const [who] = blocksOf(rights);
const rowOf = (name: string): Row => who?.rows.get(name) ?? ({} as Row);
const sees = rowOf('sees');
const hears = rowOf('hears');
const results = rowOf('results');

/** Disconnecting comes last, because the others need the connection. */
const last = 'DELETE /ats/v0/integrations/certn';
const reads = routes.filter(({ route }) => route.startsWith('GET '));
const changing = routes.filter(({ route }) => !route.startsWith('GET ') && route !== last);
const isRefusal = (status: string): boolean => Number(status) >= 400 && status !== '409';
const isAllowed = (status: string): boolean => !isRefusal(status);

describe('The table of routes', () => {
  it('has every route, each once, and no others', () => {
    expect(routes.map(({ route }) => route).sort()).toEqual(everyRoute().sort());
  });
});

describe('Reads answer as the table says, and reveal nothing hidden [F1, F2]', () => {
  it.each(reads)('$route', async ({ route, rows }) => {
    expect(await answersTo(route, rows)).toEqual(tableOf(rows));
  });
});

describe('Lists find and count only what the caller sees [F1, F2]', () => {
  const [found] = blocksOf(lists);
  it.each([...(found?.rows ?? [])])('%s', async (query, row) => {
    const cells = callers.map(async (caller) => [caller, await foundBy(caller, filled(query, world))] as const);
    expect(Object.fromEntries(await Promise.all(cells))).toEqual(row);
  });
});

describe('Live updates [F1, F2]', () => {
  it('send each listener only what they see, with results only where they may see them', async () => {
    const heard = new Map<CallerName, UpdateListener>();
    const listening = callers.filter((caller) => !['disabled', 'visitor'].includes(caller));
    for (const caller of listening) heard.set(caller, await UpdateListener.start(people[caller]));
    await everyCheckChanges();
    await eventually(
      'every listener gets its updates',
      async () => heardCells(heard),
      (cells) =>
        listening.every((caller) =>
          placesIn(hears[caller]).every((place) => placesIn(cells[caller] ?? '').includes(place)),
        ),
    );
    // A forbidden update would have arrived no later than a second round of the same changes.
    await everyCheckChanges();
    await eventually(
      'every listener gets them again',
      async () => [...heard],
      (all) => all.every(([caller, { updates }]) => updates.length >= 2 * placesIn(hears[caller]).length),
    );
    for (const [caller, { updates }] of heard) {
      const withResult = updates.filter(({ data }) => data.result !== null).map(({ data }) => data.id);
      expect([caller, placesOfIds(withResult)]).toEqual([caller, results[caller]]);
    }
    expect(heardCells(heard)).toEqual(Object.fromEntries(listening.map((caller) => [caller, hears[caller]])));
    heard.forEach((listener) => listener.close());
  });
});

describe('The changes feed [F1, F2]', () => {
  it('shows each caller only what they see, with results only where they may see them, and names nothing else', async () => {
    const following = callers.filter((caller) => !['disabled', 'visitor'].includes(caller));
    const cursors = new Map<CallerName, string>();
    for (const caller of following)
      cursors.set(caller, (await people[caller].get<{ cursor: string }>('/changes')).body.cursor);
    await everythingChanges();
    for (const caller of following) {
      const { body } = await people[caller].get<{ changes: Change[] }>(`/changes?after=${cursors.get(caller)}`);
      const shown = (type: string): Change[] => body.changes.filter((one) => one.type === type);
      const found = (type: string): string => placesOfIds(shown(type).map(({ id }) => id));
      const types = ['job', 'candidate', 'application', 'background_check'];
      const withResult = shown('background_check').filter(({ data }) => data?.['result'] !== null);
      expect([caller, ...types.map(found), placesOfIds(withResult.map(({ id }) => id))]).toEqual([
        ...[caller, sees[caller], sees[caller], sees[caller]],
        ...[hears[caller], results[caller]],
      ]);
      expect([caller, ...leaksIn(JSON.stringify(body), caller, world, sees, hears)]).toEqual([caller]);
    }
  });
});

describe('A refused change has no effect [F1]', () => {
  it('for every caller whom the table refuses', async () => {
    const before = await everyRow();
    for (const { route, rows } of changing) {
      expect([route, await answersTo(route, rows, isRefusal)]).toEqual([route, tableOf(rows, isRefusal)]);
    }
    expect(await everyRow()).toEqual(before);
  });
});

describe('Changes are allowed as the table says, each on its own records', () => {
  const allowed = [...changing, ...routes.filter(({ route }) => route === last)];
  it.each(allowed)('$route', async ({ route, rows }) => {
    expect(await answersTo(route, rows, isAllowed)).toEqual(tableOf(rows, isAllowed));
  });
});

const all = (): boolean => true;

/** The rows that were written by hand, limited to the given ones. */
function tableOf(rows: Map<string, Row>, wanted = all as (status: string) => boolean): Record<string, string> {
  const cells = [...rows].flatMap(([place, row]) =>
    callers.map((caller) => [`${place} ${caller}`, row[caller]] as const),
  );
  return Object.fromEntries(cells.filter(([, status]) => wanted(status)));
}

/** The response status for each cell, followed by the hidden values that leak in it. */
async function answersTo(
  route: string,
  rows: Map<string, Row>,
  wanted = all as (status: string) => boolean,
): Promise<Record<string, string>> {
  const answers: Record<string, string> = {};
  for (const [name, row] of rows) {
    const asking = callers.filter((caller) => wanted(row[caller]));
    const ask = async (caller: CallerName) => {
      answers[`${name} ${caller}`] = await answerTo(route, name, caller, isRefusal(row[caller]));
    };
    // Changes to the same records run one after the other.
    if (wanted === isAllowed) for (const caller of asking) await ask(caller);
    else await Promise.all(asking.map(ask));
  }
  return answers;
}

async function answerTo(route: string, name: string, caller: CallerName, refused: boolean): Promise<string> {
  const place = placesOf(world)[placeNames.find((one) => one === name) ?? 'own'];
  const { method, path, body, headers } = await requestFor(route, { world, people, caller, place }, refused);
  const { credential } = people[caller];
  if (path.endsWith('/updates')) return openedAndLeft(path, credential);
  const answer = await call(app.url, method, path, body, { ...credential, ...headers });
  const text = JSON.stringify([withoutAttempts(path, answer.body), [...answer.headers]]);
  // The demo people of every team are public: visitors sign in as them.
  const leaks = path.startsWith('/dev/') ? [] : leaksIn(text, caller, world, sees, hears, path);
  const leaked = !placesIn(results[caller]).includes(place.name) && revealsResult(text) ? ['a result'] : [];
  return [answer.status, ...leaks, ...(name === 'team' ? [] : leaked)].join(' ');
}

/** The audit log repeats the foreign ids that the own team tried. That reveals nothing. */
const withoutAttempts = (path: string, body: unknown): unknown =>
  path.endsWith('/audit_log') && Array.isArray(body)
    ? (body as { action: string }[]).filter(({ action }) => action !== 'access.attempt')
    : body;

async function openedAndLeft(path: string, headers: Record<string, string>): Promise<string> {
  const stop = new AbortController();
  const { status } = await fetch(new URL(path, app.url), { headers, signal: stop.signal });
  stop.abort();
  return String(status);
}

/** The places whose records a list holds for a caller, followed by a wrong total or a leak. */
async function foundBy(caller: CallerName, query: string): Promise<string> {
  const answer = await people[caller].get<Record<string, unknown>[]>(query);
  if (answer.status !== 200) return '-';
  const text = JSON.stringify([answer.body, [...answer.headers].filter(([name]) => name !== 'link')]);
  const cell = placesOfIds(
    answer.body.map((item) => String(item['background_check_id'] ?? item['entity_id'] ?? item['id'])),
  );
  const total = answer.headers.get('x-total-count');
  const miscounted = total === String(answer.body.length) ? [] : [`counted ${total}`];
  return [cell, ...miscounted, ...leaksIn(text, caller, world, sees, hears, query)].join(' ');
}

/** An id that belongs to no place produces a cell that no table contains. */
function placesOfIds(ids: string[]): string {
  const owners = ids.map(
    (id) => Object.values(placesOf(world)).find((place) => Object.values(place).includes(id))?.name,
  );
  const known = owners.filter((owner): owner is PlaceName => owner !== undefined);
  return known.length < owners.length ? `${asCell(known)}?` : asCell(known);
}

const heardCells = (heard: Map<CallerName, UpdateListener>): Partial<Record<CallerName, string>> =>
  Object.fromEntries(
    [...heard].map(([caller, { updates }]) => [caller, placesOfIds(updates.map(({ data }) => data.id))]),
  );

/** In one transaction, as a read of several cases would do it. */
async function everyCheckChanges(): Promise<void> {
  await database.query(
    `select pg_notify('background_check_saved', team_id || '/' || id) from background_checks.background_check`,
  );
}

async function everythingChanges(): Promise<void> {
  const tables = ['hiring.job', 'hiring.candidate', 'hiring.application', 'background_checks.background_check'];
  for (const table of tables)
    await database.query(`update ${table} set updated_at = updated_at + interval '1 millisecond'`);
}

/** Everything that users may change. Data that the service records itself, such as the last use of a key, is not included. */
async function everyRow(): Promise<string[]> {
  const tables = await database.query<{ name: string }>(`
    select format('%I.%I', table_schema, table_name) as name from information_schema.tables where table_type = 'BASE TABLE'
      and (table_schema in ('access', 'hiring', 'interview_planning', 'background_checks') or table_name = 'connection')`);
  const rows = tables.rows.map(
    ({ name }) => `select '${name} ' || (to_jsonb(t) - 'last_used_at')::text as row from ${name} t`,
  );
  return (await database.query<{ row: string }>(`${rows.join(' union all ')} order by 1`)).rows.map(({ row }) => row);
}
