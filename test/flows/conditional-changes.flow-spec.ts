import pg from 'pg';
import { type RunningApp, startApp } from '../support/app.js';
import { eventually } from '../support/eventually.js';
import { aCandidate, aJob, aStage } from '../support/fixtures.js';
import { aColleague, aTeam, type Person } from '../support/people.js';
import {
  changedAtOnce,
  ifMatch,
  statuses,
  tagOf,
  versionedThings,
  writtenAround,
} from '../support/versioned-things.js';
import { waitingStatements } from '../support/waiting-statements.js';

interface Refused {
  reason: string;
  message: string;
  errors: { headers: Partial<Record<string, string[]>> };
}

describe('Changes under a condition', () => {
  let app: RunningApp;
  let database: pg.Client;
  let admin: Person;
  let colleague: Person;

  beforeAll(async () => {
    app = await startApp({ env: { RATE_LIMIT_PER_MINUTE: '100000', RATE_LIMIT_PER_TEAM_PER_MINUTE: '100000' } });
    database = new pg.Client({ connectionString: app.databaseUrl });
    await database.connect();
    ({ admin } = await aTeam(app));
    colleague = await aColleague(admin, 'admin', { name: 'Grace Hopper' });
  });
  afterAll(async () => {
    await database.end();
    await app.close();
  });

  const read = (path: string, person = admin) => person.get(path);

  describe.each(versionedThings)('of a $name', (thing) => {
    it('succeed with the tag that was read, and are refused with one that is stale', async () => {
      const path = await thing.make(admin);
      const before = await read(path);
      expect(tagOf(before)).toMatch(/^"[\w-]{16}\.[\w-]{22}"$/);
      expect((await thing.change(admin, path, 1, ifMatch(tagOf(before)))).status).toBe(200);
      const after = await read(path);
      expect(tagOf(after)).not.toBe(tagOf(before));
      const stale = await thing.change(admin, path, 2, ifMatch(tagOf(before)));
      expect([stale.status, stale.body['reason']]).toEqual([412, 'changed_meanwhile']);
      expect((await read(path)).body).toEqual(after.body);
      expect(tagOf(await read(path))).toBe(tagOf(after));
    });

    it('with the same tag at once: exactly one succeeds', async () => {
      const path = await thing.make(admin);
      expect(await changedAtOnce(thing, path, [admin, colleague, admin], 1)).toEqual([200, 412, 412]);
    });

    if (thing.row) {
      it('notice a writer that knows nothing of versions, also one that has not committed yet', async () => {
        const path = await thing.make(admin);
        const before = tagOf(await read(path));
        await database.query(...writtenAround(thing, path));
        expect((await thing.change(admin, path, 1, ifMatch(before))).status).toBe(412);
        const present = tagOf(await read(path));
        await database.query('begin');
        await database.query(...writtenAround(thing, path));
        const waits = thing.change(admin, path, 2, ifMatch(present));
        await eventually(
          'the change waits',
          () => waitingStatements(database, 'for update'),
          (n) => n > 0,
        );
        await database.query('commit');
        expect((await waits).status).toBe(412);
      });
    }
  });

  describe('as RFC 9110 says', () => {
    let path: string;
    let tag: string;
    const patch = (headers: Record<string, string>) => admin.patch<Refused>(path, { last_name: 'Example' }, headers);

    beforeAll(async () => {
      path = `/candidates/${await aCandidate(admin)}`;
      tag = tagOf(await read(path));
    });

    it.each([
      ['any version', () => '*'],
      ['a list that has the tag', () => `"other", ${tag}, W/"weak"`],
      ['the tag of the compressed answer', () => tag.replace(/"$/, ':br"')],
    ])('%s: done', async (_, header) => {
      expect((await patch(ifMatch(header()))).status).toBe(200);
    });

    it.each([
      ['a weak tag', () => `W/${tag}`],
      ['a tag that the service never gave', () => '"33a64df551425fcc55e4d42a148795d9f25f89d4"'],
      ['the hash without a version', () => tag.replace(/^"[^.]*\./, '"')],
      ['an empty tag', () => '""'],
    ])('%s: 412', async (_, header) => {
      expect((await patch(ifMatch(header()))).status).toBe(412);
    });

    it.each(['', 'x', '"', '*, "a"', 'W/*'])('%j is malformed: 400', async (header) => {
      const { status, body } = await patch(ifMatch(header));
      expect([status, body.reason]).toEqual([400, 'malformed_request']);
    });

    it('the tag of another thing, also of its own list: 412', async () => {
      const other = tagOf(await read(`/candidates/${await aCandidate(admin)}`));
      const list = tagOf(await read('/candidates'));
      expect(statuses([await patch(ifMatch(other)), await patch(ifMatch(list))])).toEqual([412, 412]);
    });

    it('If-None-Match: refused for what it names', async () => {
      const named = [await patch({ 'if-none-match': '*' }), await patch({ 'if-none-match': `W/${tag}` })];
      expect(statuses(named)).toEqual([412, 412]);
      expect((await patch({ 'if-none-match': '"other"' })).status).toBe(200);
    });

    it('a condition that an address does not heed is refused', async () => {
      const { status, body } = await admin.post<Refused>('/jobs', { name: 'Nurse' }, ifMatch('*'));
      expect([status, body.reason]).toEqual([422, 'invalid_request']);
      expect(body.errors.headers['If-Match']).toHaveLength(1);
    });

    it('comes after the rights and before the body', async () => {
      const viewer = await aColleague(admin, 'restricted');
      expect((await viewer.patch(path, {}, ifMatch('"x"'))).status).toBe(404);
      expect((await admin.patch(path, { no_such_field: 1 }, ifMatch('"x"'))).status).toBe(412);
    });

    it('without a condition, the last change wins', async () => {
      const both = await Promise.all([patch({}), patch({})]);
      expect(statuses(both)).toEqual([200, 200]);
    });
  });

  describe('a refusal', () => {
    const stale = ifMatch('"stale"');

    it('names who changed it last, and when', async () => {
      const path = `/jobs/${await aJob(admin)}`;
      await colleague.patch(path, { name: 'Nurse' });
      const { body } = await admin.patch<Refused>(path, { name: 'Doctor' }, stale);
      const { changed_by: by, changed_at: [at = ''] = [] } = body.errors.headers;
      expect(by).toEqual(['Grace Hopper']);
      expect(Math.abs(Date.parse(at) - Date.now())).toBeLessThan(60_000);
      expect(body.message).toMatch(/last changed by Grace Hopper, on \d{4}-\d\d-\d\d at \d\d:\d\d UTC/);
      expect((await colleague.patch<Refused>(path, {}, stale)).body.message).toContain('You changed it last yourself');
    });

    it('does not name anyone to callers who do not see their colleagues', async () => {
      const jobId = await aJob(admin);
      const manager = await aColleague(admin, 'limited');
      await admin.put(`/jobs/${jobId}/permissions`, [{ user_id: manager.id, permissions: ['manage'] }]);
      await colleague.patch(`/jobs/${jobId}`, { name: 'Nurse' });
      const { status, body } = await manager.patch<Refused>(`/jobs/${jobId}`, { name: 'Doctor' }, stale);
      expect([status, body.errors.headers['changed_by']]).toEqual([412, undefined]);
      expect(body.errors.headers['changed_at']).toHaveLength(1);
      expect(JSON.stringify(body)).not.toContain('Grace');
    });

    it('leaves nothing behind', async () => {
      const path = `/candidates/${await aCandidate(admin)}`;
      const entries = () => admin.get<object[]>(`/audit_log?entity_id=${path.split('/')[2]}`);
      const before = (await entries()).body;
      expect((await admin.post(`${path}/anonymise`, undefined, stale)).status).toBe(412);
      expect((await admin.put(`${path}/legal_hold`, { held: true }, stale)).status).toBe(412);
      expect((await entries()).body).toEqual(before);
    });
  });

  it('a change answers with the tag for the next one; PUT does not, as RFC 9110 asks', async () => {
    const path = `/candidates/${await aCandidate(admin)}`;
    const first = await admin.patch(path, { last_name: 'One' }, ifMatch(tagOf(await read(path))));
    const second = await admin.patch(path, { last_name: 'Two' }, ifMatch(tagOf(first)));
    expect([first.status, second.status, tagOf(second)]).toEqual([200, 200, tagOf(await read(path))]);
    const held = await admin.put(`${path}/legal_hold`, { held: true }, ifMatch(tagOf(second)));
    expect([held.status, tagOf(held)]).toEqual([200, '']);
  });

  it('a removal heeds it, too', async () => {
    const jobId = await aJob(admin);
    const path = `/job_stages/${await aStage(admin, jobId, 'Phone screen')}`;
    const before = tagOf(await read(path));
    await colleague.patch(path, { name: 'Call' });
    expect((await admin.delete(path, ifMatch(before))).status).toBe(412);
    expect((await admin.delete(path, ifMatch(tagOf(await read(path))))).status).toBe(204);
    expect((await read(path)).status).toBe(404);
  });
});
