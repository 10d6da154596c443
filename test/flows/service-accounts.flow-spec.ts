import { type RunningApp, startApp } from '../support/app.js';
import { BrowserWindow } from '../support/browser-window.js';
import { eventually } from '../support/eventually.js';
import { aKeyOf, aMachine, aServiceAccount, type Machine } from '../support/machines.js';
import { onTheWire } from '../support/on-the-wire.js';
import { aColleague, aTeam, call, type Person } from '../support/people.js';
import { aJob } from '../support/fixtures.js';
import { UpdateListener } from '../support/update-listener.js';

let one: RunningApp;
let two: RunningApp;
let admin: Person;
let teamId: string;
beforeAll(async () => {
  one = await startApp();
  two = await startApp({ databaseUrl: one.databaseUrl });
  ({ admin, teamId } = await aTeam(one));
});
afterAll(async () => {
  await two?.close();
  await one?.close();
});

interface Account {
  id: string;
  last_used_at: string | null;
  keys: { id: string; last4: string; last_used_at: string | null; expires_at: string }[];
}
interface Entry {
  action: string;
  actor: { id: string; name: string; kind: string };
  to: Record<string, unknown>;
}

const refusedKey = { status: 401, body: { reason: 'unauthenticated', message: 'This API key is not valid.' } };
const read = async (id: string): Promise<Account> => (await admin.get<Account>(`/service_accounts/${id}`)).body;
const secondsOf = (began: number): number => (performance.now() - began) / 1000;

describe('A service account', () => {
  it('is made, listed with the ends of its keys and its last use, changed, and deleted', async () => {
    const machine = await aMachine(admin, {
      name: 'Import',
      access_level: 'standard',
      scopes: ['jobs:read', 'jobs:read'],
    });
    expect(await read(machine.id)).toMatchObject({
      ...{ name: 'Import', access_level: 'standard', scopes: ['jobs:read'], client_id: null, disabled: false },
      ...{ last_used_at: null, keys: [{ id: machine.keyId, last4: machine.key.slice(-4), last_used_at: null }] },
    });
    expect((await machine.get('/jobs')).status).toBe(200);
    const used = await read(machine.id);
    expect(used.last_used_at).not.toBeNull();
    expect(used.keys[0]?.last_used_at).toBe(used.last_used_at);
    const days = (Date.parse(used.keys[0]?.expires_at ?? '') - Date.now()) / (24 * 3600 * 1000);
    expect(days).toBeGreaterThan(29.9);
    expect(days).toBeLessThan(30.1);

    const changed = await admin.patch(`/service_accounts/${machine.id}`, { scopes: ['candidates:read'] });
    expect([changed.status, changed.body['scopes']]).toEqual([200, ['candidates:read']]);
    expect((await machine.get('/jobs')).body).toMatchObject({ reason: 'scope_missing' });
    expect((await admin.delete(`/service_accounts/${machine.id}`)).status).toBe(204);
    const ids = async (query: string) =>
      (await admin.get<Account[]>(`/service_accounts${query}`)).body.map(({ id }) => id);
    expect(await ids('')).not.toContain(machine.id);
    expect(await ids('?include_deleted=true')).toContain(machine.id);
    expect((await admin.get(`/service_accounts/${machine.id}`)).status).toBe(404);
    expect(await machine.get('/candidates')).toMatchObject(refusedKey);
  });

  it('reads who it is, and what is left of its rights', async () => {
    const machine = await aMachine(admin, { scopes: ['results:read', 'background_checks:read'] });
    const rights = { scopes: ['background_checks:read', 'results:read'], access_level: 'admin', email: '' };
    expect((await machine.get('/me')).body).toMatchObject({
      ...{ id: machine.id, name: 'Feed', kind: 'service_account', team: { id: teamId }, notices: [], ...rights },
      capabilities: ['view_background_check_status', 'view_background_check_results'],
    });
    expect((await admin.get('/me')).body).toMatchObject({ kind: 'user', scopes: null });
  });

  it('gets no right from PATCH, from its own key, or beyond its level', async () => {
    const machine = await aMachine(admin, { access_level: 'standard' });
    const own = `/service_accounts/${machine.id}`;
    const attempts = [
      await machine.patch(own, { access_level: 'admin' }),
      await machine.post('/service_accounts', { name: 'Mine', access_level: 'admin', scopes: [] }),
      await machine.post(`${own}/keys`, { expires_in_days: 365 }),
      await machine.get('/service_accounts'),
      await machine.get('/users'),
    ];
    for (const { status, body } of attempts) {
      expect([status, body]).toMatchObject([403, { reason: 'scope_missing' }]);
    }
    expect((await machine.post('/imports', '\n', { 'content-type': 'application/x-ndjson' })).body).toMatchObject({
      reason: 'not_allowed',
    });
    const colleague = await aColleague(admin, 'standard');
    expect((await colleague.patch(own, { scopes: [] })).status).toBe(403);
    const { admin: stranger } = await aTeam(one);
    expect((await stranger.patch(own, { scopes: [] })).status).toBe(404);
    expect((await stranger.delete(`${own}/keys/${machine.keyId}`)).status).toBe(404);
    expect((await machine.get('/jobs')).status).toBe(200);
  });

  it('is itself in the audit log, with what it was refused', async () => {
    const machine = await aMachine(admin, { name: 'Job feed', scopes: ['jobs:read', 'jobs:write'] });
    const jobId = await aJob(machine);
    const refused = await machine.get('/candidates');
    expect(refused.body).toMatchObject({ code: 403, message: 'This needs the scope candidates:read.' });
    const { body } = await admin.get<Entry[]>(`/audit_log?actor_id=${machine.id}`);
    const actor = { id: machine.id, name: 'Job feed', kind: 'service_account' };
    expect(body.filter(({ action }) => action !== 'plan.create')).toMatchObject([
      { actor, action: 'access.attempt', outcome: 'refused', to: { reason: 'scope_missing' } },
      { actor, action: 'job.create', entity_id: jobId, outcome: 'done' },
    ]);
    const mine = (await admin.get<Entry[]>(`/audit_log?actor_id=${admin.id}`)).body;
    expect(new Set(mine.map(({ actor: { kind } }) => kind))).toEqual(new Set(['user']));
    expect(mine.filter(({ action, to }) => action === 'access.attempt' && to['route'] === '/ats/v0/audit_log')).toEqual(
      [],
    );
  });

  it('has job permissions like a user, until it is deleted', async () => {
    const machine = await aMachine(admin, { access_level: 'limited', scopes: ['jobs:read'] });
    const jobId = await aJob(admin, { confidential: true });
    expect((await machine.get(`/jobs/${jobId}`)).status).toBe(404);
    const granted = [{ user_id: machine.id, permissions: ['send_checks'] }];
    expect((await admin.put(`/jobs/${jobId}/permissions`, granted)).status).toBe(200);
    expect((await machine.get(`/jobs/${jobId}`)).status).toBe(200);
    await admin.delete(`/service_accounts/${machine.id}`);
    const permissions = () => admin.get<unknown[]>(`/jobs/${jobId}/permissions`);
    await eventually('its permissions are revoked', permissions, ({ body }) => body.length === 0);
  });

  it('is not linked to a client where no identity provider is set up', async () => {
    const body = { name: 'Feed', access_level: 'limited', scopes: [], client_id: 'feed' };
    expect(await admin.post('/service_accounts', body)).toMatchObject({
      status: 422,
      body: { reason: 'no_identity_provider', errors: { json: { client_id: expect.anything() } } },
    });
  });

  it('is no user: nobody signs in as it, lists it as a person, or gives it a task', async () => {
    const machine = await aMachine(admin);
    expect((await call(one.url, 'POST', '/dev/sign-in', { user_id: machine.id })).status).toBeGreaterThanOrEqual(400);
    expect(JSON.stringify((await admin.get('/users')).body)).not.toContain(machine.id);
    expect((await admin.get(`/users/${machine.id}`)).status).toBe(404);
    expect((await admin.patch(`/users/${machine.id}`, { access_level: 'limited' })).status).toBe(404);
    expect((await admin.post(`/users/${machine.id}/erase`)).status).toBe(404);
    expect((await machine.get('/me')).status).toBe(200);
  });
});

describe('What ends a service account', () => {
  const ends: [what: string, how: (machine: Machine) => Promise<{ status: number }>][] = [
    ['revoking its key', ({ id, keyId }) => admin.delete(`/service_accounts/${id}/keys/${keyId}`)],
    ['disabling it', ({ id }) => admin.patch(`/service_accounts/${id}`, { disabled: true })],
    ['deleting it', ({ id }) => admin.delete(`/service_accounts/${id}`)],
  ];
  it.each(ends)('is refused on the other replica within a second, with its open stream: %s', async (_, end) => {
    const there = (await aMachine(admin, { scopes: ['background_checks:read', 'jobs:read'] })).at(two.url);
    const listener = await UpdateListener.start(there);
    expect((await there.get('/jobs')).status).toBe(200);
    const began = performance.now();
    expect((await end(there)).status).toBeLessThan(300);
    expect(await there.get('/jobs')).toMatchObject(refusedKey);
    await eventually('its stream ends', async () => listener.ended, Boolean);
    expect(secondsOf(began)).toBeLessThan(1);
  });

  it('leaves its other keys', async () => {
    const machine = await aMachine(admin);
    const { key } = await aKeyOf(admin, machine.id);
    await admin.delete(`/service_accounts/${machine.id}/keys/${machine.keyId}`);
    expect((await call(two.url, 'GET', '/ats/v0/jobs', undefined, { 'x-api-key': key })).status).toBe(200);
  });
});

it('A key is made once for one Idempotency-Key, and a repeat does not show it', async () => {
  const path = `/service_accounts/${await aServiceAccount(admin)}/keys`;
  const make = () => admin.post(path, { expires_in_days: 7 }, { 'idempotency-key': path });
  const [first, repeat] = [await make(), await make()];
  expect([first.status, first.body['key']]).toEqual([201, expect.stringMatching(/^ats_/)]);
  expect([repeat.status, repeat.body]).toEqual([201, { ...first.body, key: null }]);
  expect(repeat.headers.get('idempotent-replayed')).toBe('true');
});

describe('A request with a key', () => {
  const jobs = (headers: Record<string, string>) => call(one.url, 'GET', '/ats/v0/jobs', undefined, headers);

  it('is refused with the same answer whatever is wrong with the key', async () => {
    const machine = await aMachine(admin);
    const { admin: stranger, teamId: away } = await aTeam(one);
    const gone = await aMachine(stranger);
    await stranger.delete(`/service_accounts/${gone.id}`);
    const sent: Record<string, string>[] = [
      { 'x-api-key': '' },
      { 'x-api-key': 'ats_' },
      { 'x-api-key': machine.key.slice(0, -1) },
      { 'x-api-key': machine.key.toLowerCase() },
      { 'x-api-key': `${machine.key}, ${machine.key}` },
      { 'x-api-key': `Bearer ${machine.key}` },
      { 'x-api-key': 'ats_\u00fcber\u00ff' },
      { 'x-api-key': `ats_${'a'.repeat(8_000)}` },
      { 'x-api-key': 'ats_000000000000000000000000000000002xVZSZ' },
      { 'x-api-key': gone.key },
      { 'x-api-key': machine.key, 'x-team-id': away },
      { 'x-api-key': machine.key, 'x-team-id': 'no id' },
    ];
    const answers = [];
    for (const headers of sent) answers.push(await jobs(headers));
    const first = answers[0]?.body;
    for (const { status, body } of answers) expect([status, body]).toEqual([401, first]);
    expect((await jobs({ 'x-api-key': machine.key, 'x-team-id': teamId })).status).toBe(200);
  });

  it('is refused with two keys, a key that is too long for a header, and a key in the address', async () => {
    const { key } = await aMachine(admin);
    const wire = (...lines: string[]) =>
      onTheWire(one.url, ['GET /ats/v0/jobs HTTP/1.1', 'host: a', 'connection: close', ...lines, '', ''].join('\r\n'));
    expect((await wire(`x-api-key: ${key}`)).status).toBe(200);
    expect((await wire(`x-api-key: ${key}`, `X-API-KEY: ${key}`)).status).toBe(401);
    expect((await wire(`x-api-key: ${'k'.repeat(20_000)}`)).status).toBe(431);
    expect((await call(one.url, 'GET', `/ats/v0/jobs?api_key=${key}`)).status).toBe(401);
    expect((await jobs({ authorization: `Bearer ${key}` })).status).toBe(401);
  });

  it('and a bearer token is refused; with a cookie it is the key that counts', async () => {
    const machine = await aMachine(admin, { scopes: ['jobs:read'] });
    expect(await jobs({ ...admin.credential, ...machine.credential })).toMatchObject({
      status: 400,
      body: { reason: 'several_credentials' },
    });
    const browser = new BrowserWindow();
    await browser.api(one.url, 'POST', '/dev/sessions', { user_id: admin.id });
    const me = await call(one.url, 'GET', '/ats/v0/me', undefined, {
      ...browser.cookieHeader(),
      ...machine.credential,
    });
    expect(me.body).toMatchObject({ id: machine.id });
    const bad = { ...browser.cookieHeader(), 'x-api-key': 'ats_wrong' };
    expect((await call(one.url, 'GET', '/ats/v0/me', undefined, bad)).status).toBe(401);
  });
});
