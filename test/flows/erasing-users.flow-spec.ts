import { type RunningApp, startApp } from '../support/app.js';
import { everyRow, statistics } from '../support/every-row.js';
import { eventually } from '../support/eventually.js';
import { aColleague, aTeam, type Person } from '../support/people.js';
import { withDatabase } from '../support/scheduled-tasks.js';
import { aCandidate, aJob } from '../support/fixtures.js';

let app: RunningApp;
let admin: Person;

beforeAll(async () => {
  app = await startApp();
});
beforeEach(async () => {
  ({ admin } = await aTeam(app));
});
afterAll(() => app?.close());

let count = 0;

/** A user whose identifying values are unique, so that a dump can be searched for them. */
async function aLeaver(): Promise<{ person: Person; values: string[]; candidateId: string }> {
  const unique = `${Date.now().toString(36)}x${(count += 1)}`;
  const [name, email, externalId] = [`Quilla${unique}`, `quilla.${unique}@canary.example`, `sub-${unique}`];
  const candidateId = await aCandidate(admin);
  const person = await aColleague(admin, 'admin', {
    ...{ name, email, external_id: externalId, linked_candidate_ids: [candidateId] },
  });
  return { person, values: [name, email, externalId], candidateId };
}

const erase = (id: string) => admin.post<Record<string, unknown>>(`/users/${id}/erase`);
const leftOf = async (values: string[]): Promise<string[]> =>
  (await everyRow(app.databaseUrl)).split('\n').filter((row) => values.some((value) => row.includes(value)));

describe('erasing a user', () => {
  it('removes everything that names them, and keeps their actions under their id', async () => {
    const { person, values, candidateId } = await aLeaver();
    const jobId = await aJob(person);
    await person.put(`/jobs/${jobId}/permissions`, [{ user_id: person.id, permissions: ['manage'] }]);
    await admin.patch(`/users/${person.id}`, { name: `${values[0]} again`, email: `again.${values[1]}` });
    expect(await leftOf(values)).not.toEqual([]);
    expect((await erase(person.id)).status).toBe(204);
    expect(await leftOf(values)).toEqual([]);
    expect((await leftOf([candidateId])).filter((row) => row.includes(person.id))).toEqual([]);
    expect((await admin.get(`/users/${person.id}`)).body).toMatchObject({
      ...{ id: person.id, name: 'Former user', email: '', external_id: null, linked_candidate_ids: [], disabled: true },
      erased_at: expect.stringMatching(/Z$/) as string,
    });
    const audit = await admin.get<{ action: string; actor: { id: string; name: string } }[]>(
      `/audit_log?actor_id=${person.id}`,
    );
    const former = { id: person.id, name: 'Former user', kind: 'user' };
    expect(audit.body.map(({ action, actor }) => [action, actor])).toEqual([
      ['permissions.replace', former],
      ['job.create', former],
    ]);
    await eventually(
      'what they were granted is void',
      async () => (await admin.get<unknown[]>(`/jobs/${jobId}/permissions`)).body,
      (permissions) => permissions.length === 0,
    );
  });

  it('ends their sign-in at once, and hides them from the list of users unless it is asked for them', async () => {
    const { person } = await aLeaver();
    expect((await person.get('/me')).status).toBe(200);
    await erase(person.id);
    expect((await person.get('/me')).status).toBe(401);
    const listed = async (query: string): Promise<string[]> =>
      (await admin.get<{ id: string }[]>(`/users${query}`)).body.map(({ id }) => id);
    expect(await listed('')).toEqual([admin.id]);
    expect(await listed('?include_deleted=true')).toContain(person.id);
  });

  it('happens once, cannot be undone, and is audited without a name', async () => {
    const { person, values } = await aLeaver();
    expect([(await erase(person.id)).status, (await erase(person.id)).status]).toEqual([204, 204]);
    const changed = await admin.patch<Record<string, unknown>>(`/users/${person.id}`, {
      name: 'Back',
      disabled: false,
    });
    expect([changed.status, changed.body['reason']]).toEqual([409, 'user_erased']);
    const audit = await admin.get<{ action: string; to: object }[]>(`/audit_log?entity_id=${person.id}`);
    expect(audit.body.map(({ action, to }) => [action, to])).toEqual([
      ['user.erase', {}],
      ['user.admin', { access_level: 'admin', disabled: false }],
      ['user.link', { linked_candidates: 1 }],
      [
        'user.create',
        { access_level: 'admin', disabled: false, linked_candidates: 1, changed: ['email', 'external_id', 'name'] },
      ],
    ]);
    // The person may come back as a new user.
    const again = { name: values[0], email: values[1], external_id: values[2], access_level: 'standard' };
    expect((await admin.post('/users', again)).status).toBe(201);
  });

  it('is refused for oneself, so that an admin remains, and for users who are not admins', async () => {
    const { person } = await aLeaver();
    const own = await erase(admin.id);
    expect([own.status, own.body['reason']]).toEqual([409, 'not_oneself']);
    const both = await Promise.all([erase(person.id), person.post(`/users/${admin.id}/erase`)]);
    expect(both.filter(({ status }) => status === 204)).toHaveLength(1);
  });

  it('also removes them from the planner’s statistics', async () => {
    const people = await Promise.all([aLeaver(), aLeaver(), aLeaver()]);
    const values = people.flatMap((one) => one.values);
    await withDatabase(app, (db) => db.query('analyze'));
    for (const { person } of people) await erase(person.id);
    const remembered = await statistics(app.databaseUrl);
    expect(remembered.filter((row) => values.some((value) => row.includes(value)))).toEqual([]);
  });
});

describe('the audit log of an earlier release', () => {
  it('loses the values that name people: its entries say only that they were set', async () => {
    const [team, user] = [admin.id, '0199aaaa-0000-7000-8000-000000000001'];
    const { Forgetting } = await import('../../src/platform/audit/forgetting.js');
    const statements: string[] = [];
    Forgetting.prototype.up.call({
      ...parts(Forgetting),
      addSql: (statement: string) => void statements.push(statement),
    });
    const rows = await withDatabase(app, async (db) => {
      await db.query('begin');
      await db.query(
        `insert into platform.audit_entry (team_id, id, at, action, entity, entity_id, outcome, before, after)
         values ($1, gen_random_uuid(), now(), 'user.update', 'user', $2, 'done', $3, $4)`,
        [team, user, { name: 'Ada', disabled: false }, { name: 'Augusta', email: 'a@b.test', disabled: true }],
      );
      for (const statement of statements.filter((text) => text.includes('audit_entry'))) await db.query(statement);
      const found = await db.query<{ before: object; after: object }>(
        'select before, after from platform.audit_entry where entity_id = $1',
        [user],
      );
      await expect(db.query('savepoint s; delete from platform.audit_entry')).rejects.toThrow(/only ever added to/);
      await db.query('rollback');
      return found.rows;
    });
    expect(rows).toEqual([
      { before: { disabled: false, changed: ['name'] }, after: { disabled: true, changed: ['email', 'name'] } },
    ]);
  });
});

/** The private steps of a migration, for a stub that only collects its statements. */
const parts = (migration: { prototype: object }): object =>
  Object.fromEntries(
    Object.getOwnPropertyNames(migration.prototype).map((name) => [
      name,
      Reflect.get(migration.prototype, name) as unknown,
    ]),
  );
