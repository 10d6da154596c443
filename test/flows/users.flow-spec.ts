import { run } from '../../src/commands/team-create.js';
import { type RunningApp, startApp } from '../support/app.js';
import { aColleague, aTeam, type Person } from '../support/people.js';

let app: RunningApp;
let admin: Person;

beforeAll(async () => {
  app = await startApp();
  ({ admin } = await aTeam(app));
});
afterAll(() => app?.close());

interface User {
  id: string;
  email: string;
  created_at: string;
}
let count = 0;
const aNewUser = (more: Record<string, unknown> = {}) => ({
  name: 'Grace Hopper',
  email: `grace-${(count += 1)}@example.org`,
  access_level: 'standard',
  ...more,
});

describe('Users', () => {
  it('are added by an admin and read back completely', async () => {
    const body = aNewUser({ external_id: 'sub-grace' });
    const created = await admin.post<User>('/users', body);
    expect(created.status).toBe(201);
    expect(created.body).toEqual({
      ...body,
      id: expect.any(String) as string,
      disabled: false,
      linked_candidate_ids: [],
      erased_at: null,
      created_at: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/) as string,
      updated_at: expect.any(String) as string,
    });
    expect((await admin.get(`/users/${created.body.id}`)).body).toEqual(created.body);
  });

  it('can be changed field by field; a change applies to their next request', async () => {
    const grace = await aColleague(admin, 'standard');
    expect((await grace.get('/integrations/certn')).status).toBe(403);
    const changed = await admin.patch(`/users/${grace.id}`, { access_level: 'admin' });
    expect(changed.body).toMatchObject({ access_level: 'admin', name: 'A standard', disabled: false });
    expect((await grace.get('/me')).body).toMatchObject({ access_level: 'admin' });
    expect((await grace.get('/audit_log')).status).toBe(200);
  });

  it('can be linked to existing candidates', async () => {
    const { id } = (await admin.post<User>('/candidates', { first_name: 'Grace', last_name: 'Hopper' })).body;
    const grace = (await admin.post<User>('/users', aNewUser({ linked_candidate_ids: [id] }))).body;
    expect(grace).toMatchObject({ linked_candidate_ids: [id] });
    const { admin: stranger } = await aTeam(app);
    const foreign = (await stranger.post<User>('/candidates', { first_name: 'F', last_name: 'G' })).body.id;
    for (const unknown of [foreign, grace.id, 'nonsense']) {
      const answer = await admin.patch(`/users/${grace.id}`, { linked_candidate_ids: [unknown] });
      expect(answer.status).toBe(422);
      expect(answer.body).toMatchObject({
        reason: 'unknown_reference',
        errors: { json: { linked_candidate_ids: [expect.any(String)] } },
      });
    }
  });

  it('have an e-mail and an external id that are unique in their team', async () => {
    const { admin: elsewhere } = await aTeam(app);
    const only = aNewUser({ email: 'Only.One@Example.org', external_id: 'only-one' });
    expect((await admin.post('/users', only)).status).toBe(201);
    const again = await admin.post('/users', aNewUser({ email: 'only.one@example.ORG' }));
    expect(again.status).toBe(409);
    expect(again.body).toMatchObject({ reason: 'already_taken', errors: { json: { email: [expect.any(String)] } } });
    const id = (await admin.post<User>('/users', aNewUser())).body.id;
    const changed = await admin.patch(`/users/${id}`, { external_id: 'only-one' });
    expect(changed.status).toBe(409);
    expect(changed.body).toMatchObject({ errors: { json: { external_id: [expect.any(String)] } } });
    expect((await admin.get(`/users/${id}`)).body).toMatchObject({ external_id: null });
    // Entering the same values does not reveal what another team has entered.
    expect((await elsewhere.post('/users', only)).status).toBe(201);
  });

  it('always include an enabled admin', async () => {
    const { admin: only } = await aTeam(app);
    for (const change of [{ disabled: true }, { access_level: 'standard' }]) {
      const answer = await only.patch(`/users/${only.id}`, change);
      expect(answer.status).toBe(409);
      expect(answer.body).toMatchObject({ reason: 'last_admin' });
    }
    const second = await aColleague(only, 'admin');
    const both = await Promise.all([
      only.patch(`/users/${second.id}`, { disabled: true }),
      second.patch(`/users/${only.id}`, { disabled: true }),
    ]);
    expect(both.filter((answer) => answer.status === 200)).toHaveLength(1);
  });
});

describe('Refusals', () => {
  it('403 for all users except admins, before the body is validated', async () => {
    for (const level of ['restricted', 'limited', 'standard'] as const) {
      const person = await aColleague(admin, level);
      expect((await person.post('/users', { nonsense: true })).status).toBe(403);
      expect((await person.patch(`/users/${admin.id}`, { name: 'x' })).status).toBe(403);
      expect((await person.get('/audit_log')).status).toBe(403);
      expect((await person.get('/users')).status).toBe(200);
    }
  });

  it('the same 404 for ids of another team, unknown and malformed ids, before the body', async () => {
    const { admin: stranger } = await aTeam(app);
    const ids = [stranger.id, '0199aaaa-0000-7000-8000-000000000000', 'malformed', '%00', 'x'.repeat(4_000)];
    for (const id of ids) {
      const read = await admin.get(`/users/${id}`);
      const write = await admin.patch(`/users/${id}`, { nonsense: true });
      expect([read.status, write.status]).toEqual([404, 404]);
      expect(read.body).toEqual({
        code: 404,
        status: 'Not Found',
        message: 'Not found.',
        errors: {},
        reason: 'not_found',
      });
    }
  });

  it.each([
    ['unknown fields', { admin: true }, 'admin'],
    ['a null name', { name: null }, 'name'],
    ['a blank name', { name: '   ' }, 'name'],
    ['a NUL in a name', { name: 'a\u0000b' }, 'name'],
    ['no e-mail address', { email: 'nonsense' }, 'email'],
    ['an unknown level', { access_level: 'owner' }, 'access_level'],
    ['a number as text', { disabled: 'true' }, 'disabled'],
    ['candidates that are no list', { linked_candidate_ids: 'x' }, 'linked_candidate_ids'],
  ])('422 with the name of the field: %s', async (_, wrong, field) => {
    for (const answer of [
      await admin.post('/users', aNewUser(wrong)),
      await admin.patch(`/users/${admin.id}`, wrong),
    ]) {
      expect(answer.status).toBe(422);
      expect(answer.body).toMatchObject({ errors: { json: { [field]: expect.any(Array) as string[] } } });
    }
  });

  it('422 with the name of unknown or invalid query parameters', async () => {
    for (const [query, name] of [
      ['sort=name', 'sort'],
      ['page=0', 'page'],
      ['per_page=501', 'per_page'],
      ['created_after=2026-10-01T00:00:00', 'created_after'],
      ['updated_before=yesterday', 'updated_before'],
      ['created_after=9999-99-99T99:99:99Z', 'created_after'],
      ['created_after=2026-02-30T00:00:00Z', 'created_after'],
      ['created_before=0000-01-01T00:00:00Z', 'created_before'],
      ['updated_after=2026-10-01T00:00:00%2B23:59', 'updated_after'],
    ] as const) {
      const answer = await admin.get(`/users?${query}`);
      expect(answer.status).toBe(422);
      expect(answer.body).toMatchObject({ errors: { query: { [name]: expect.any(Array) as string[] } } });
    }
  });
});

describe('Lists', () => {
  it('come newest first, in pages, with their links', async () => {
    const { admin: boss } = await aTeam(app);
    const ids = [boss.id];
    for (let i = 0; i < 4; i += 1) ids.unshift((await boss.post<User>('/users', aNewUser())).body.id);
    const second = await boss.get<User[]>('/users?per_page=2&page=2');
    expect(second.body.map((user) => user.id)).toEqual(ids.slice(2, 4));
    expect(second.headers.get('x-total-count')).toBe('5');
    expect(second.headers.get('x-total-count-capped')).toBeNull();
    expect(second.headers.get('link')?.match(/page=\d+>; rel="\w+"/g)).toEqual([
      'page=1>; rel="first"',
      'page=1>; rel="prev"',
      'page=3>; rel="next"',
      'page=3>; rel="last"',
    ]);
    const beyond = await boss.get('/users?page=9');
    expect([beyond.status, beyond.body]).toEqual([200, []]);
    const created = second.body[0]?.created_at ?? '';
    const from = await boss.get<User[]>(`/users?created_after=${created}`);
    const until = await boss.get<User[]>(`/users?created_before=${created}`);
    expect(from.body.map((user) => user.id)).toEqual(ids.slice(0, 3));
    expect(until.body.map((user) => user.id)).toEqual(ids.slice(3));
  });
});

describe('The audit log', () => {
  it('records who changed whom, with the old and new values', async () => {
    const { admin: boss } = await aTeam(app);
    const { id } = (await boss.post<User>('/users', aNewUser())).body;
    await boss.patch(`/users/${id}`, { access_level: 'limited' });
    const log = await boss.get(`/audit_log?entity=user&entity_id=${id}&actor_id=${boss.id}`);
    expect(log.headers.get('x-total-count')).toBe('2');
    expect(log.body).toMatchObject([
      {
        action: 'user.update',
        entity: 'user',
        entity_id: id,
        outcome: 'done',
        from: { access_level: 'standard' },
        to: { access_level: 'limited' },
        actor: { id: boss.id, name: expect.any(String) as string },
        ip: '127.0.0.1',
      },
      { action: 'user.create', from: {}, to: { access_level: 'standard' } },
    ]);
    expect((await boss.get('/audit_log?action=user.create&action=user.delete')).body).toHaveLength(1);
    expect((await boss.get('/audit_log?actor_id=nonsense')).body).toEqual([]);
  });
});

describe('npm run team:create', () => {
  it('prints the ids of the new team and its admin', async () => {
    const { done, text } = await run(['--name', 'Umbrella', '--admin-email', 'first@umbrella.test'], app.databaseUrl);
    expect(done).toBe(true);
    expect(JSON.parse(text)).toEqual({ team_id: expect.any(String) as string, user_id: expect.any(String) as string });
  });

  it('makes the same person admin of a second team, who then chooses at sign-in', async () => {
    const { done } = await run(['--name', 'Second', '--admin-email', 'FIRST@umbrella.test'], app.databaseUrl);
    expect(done).toBe(true);
  });

  it.each([
    ['no name', ['--admin-email', 'a@b.test'], /--name and --admin-email are needed/],
    ['a blank name', ['--name', ' ', '--admin-email', 'a@b.test'], /--name is blank/],
    ['no e-mail address', ['--name', 'A', '--admin-email', 'ab'], /"ab" is not an email address/],
    ['an unknown option', ['--nme', 'A'], /'--nme'/],
  ])('says in one line that there is %s', async (_, args, line) => {
    const answer = await run(args, app.databaseUrl);
    expect(answer).toEqual({ done: false, text: expect.stringMatching(line) as string });
    expect(answer.text).not.toContain('\n');
  });

  it('says in one line that the database is missing, or empty', async () => {
    const args = ['--name', 'A', '--admin-email', 'a@b.test'];
    expect((await run(args, undefined)).text).toMatch(/^DATABASE_URL is missing/);
    expect((await run(args, 'postgres://u:p@127.0.0.1:1/none')).text).toMatch(/^The database cannot be used: .+$/);
    const empty = new URL(app.databaseUrl);
    empty.pathname = '/postgres';
    expect((await run(args, empty.href)).text).toMatch(/npm run migrate/);
  });
});
