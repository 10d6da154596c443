import { type RunningApp, startApp } from '../support/app.js';
import { withDatabase } from '../support/scheduled-tasks.js';
import { aColleague, aTeam, type Answer, type Person } from '../support/people.js';
import { aCandidate, aJob, anApplication } from '../support/fixtures.js';

interface Entry {
  id: string;
}

let app: RunningApp;
let admin: Person;
/** The admin of a team with several entries of one moment in every list. */
let team: Person;
beforeAll(async () => {
  app = await startApp();
  ({ admin: team } = await aTeam(app));
  await aColleague(team, 'limited');
  await team.put('/retention_rule', { months: 12 });
  const [gone, due] = [
    [await aCandidate(team), await aCandidate(team)],
    [await aCandidate(team), await aCandidate(team)],
  ];
  for (const id of gone) {
    await anApplication(team, id, await aJob(team));
    await team.post(`/candidates/${id}/anonymise`);
  }
  await withDatabase(app, async (db) => {
    await db.query(`update hiring.candidate set created_at = '2020-01-01' where id = any($1)`, [[...gone, ...due]]);
    await db.query('update hiring.application set created_at = now()');
    await db.query('update hiring.erasure set at = now()');
  });
}, 60_000);
beforeEach(async () => {
  ({ admin } = await aTeam(app));
});
afterAll(() => app?.close());

/** The path and query of the link to the next page. */
function nextOf(headers: Headers): string | undefined {
  const [, address] = /<([^>]+)>; rel="next"/.exec(headers.get('link') ?? '') ?? [];
  if (address === undefined) return undefined;
  const { pathname, search } = new URL(address);
  return `${pathname.replace('/ats/v0', '')}${search}`;
}

/** Every entry, by the links from page to page. `meanwhile` runs after each page. */
async function walked(
  person: Person,
  path: string,
  meanwhile: (page: Entry[]) => Promise<unknown> = async () => undefined,
): Promise<string[]> {
  const ids: string[] = [];
  for (let next: string | undefined = path; next !== undefined;) {
    const { status, body, headers }: Answer<Entry[]> = await person.get<Entry[]>(next);
    expect([next, status]).toEqual([next, 200]);
    ids.push(...body.map(({ id }) => id));
    await meanwhile(body);
    next = nextOf(headers);
  }
  return ids;
}

const cursorIn = (path: string | undefined): string => new URLSearchParams(path?.split('?')[1]).get('cursor') ?? '';

describe('A list that is read by cursors', () => {
  it('shows each entry once, while entries are added and changed', async () => {
    const jobs: string[] = [];
    for (let nth = 0; nth < 5; nth += 1) jobs.push(await aJob(admin));
    let added = 0;
    const seen = await walked(admin, '/jobs?cursor=start&per_page=2', async ([first]) => {
      for (let nth = 0; nth < 2; nth += 1) await aJob(admin, { name: `Added ${(added += 1)}` });
      await admin.patch(`/jobs/${first?.id}`, { name: 'Renamed' });
      await admin.patch(`/jobs/${jobs[0]}`, { name: `Renamed ${added}` });
    });
    expect(seen).toEqual(jobs.toReversed());
    expect(added).toBe(6);
  });

  it.each(['/candidates', '/audit_log', '/applications', '/users', '/retention_rule/due', '/erasures'])(
    'shows what its pages show, also of the same moment: %s',
    async (path) => {
      const whole = (await team.get<object[]>(path)).body;
      expect(whole.length).toBeGreaterThan(1);
      const seen: object[] = [];
      for (let next: string | undefined = `${path}?cursor=start&per_page=1`; next !== undefined;) {
        const { body, headers }: Answer<object[]> = await team.get<object[]>(next);
        seen.push(...body);
        next = nextOf(headers);
      }
      expect(seen).toEqual(whole);
    },
  );

  it('keeps its filters from page to page, and may change the size of its pages', async () => {
    for (const status of ['open', 'closed', 'closed', 'closed', 'draft']) await aJob(admin, { status });
    const filter = 'status=draft&status=closed';
    const whole = (await admin.get<Entry[]>(`/jobs?${filter}`)).body.map(({ id }) => id);
    expect(whole).toHaveLength(4);
    const { headers } = await admin.get(`/jobs?${filter}&cursor=start&per_page=1`);
    const rest = await admin.get<Entry[]>(`${nextOf(headers)?.replace('per_page=1', 'per_page=50')}`);
    expect(rest.body.map(({ id }) => id)).toEqual(whole.slice(1));
    expect(nextOf(rest.headers)).toBeUndefined();
  });
});

describe('A cursor', () => {
  const aCursor = async (path: string): Promise<string> => cursorIn(nextOf((await admin.get(path)).headers));
  const refused = { status: 422, body: { reason: 'invalid_cursor' } };

  it('is good for its team, its list and its filters', async () => {
    for (let nth = 0; nth < 3; nth += 1) await aCandidate(admin, `cursor-${nth}@example.org`);
    for (let nth = 0; nth < 3; nth += 1) await aJob(admin);
    const cursor = await aCursor('/jobs?cursor=start&per_page=1&status=open&status=draft');
    expect((await admin.get(`/jobs?status=draft&status=open&cursor=${cursor}`)).status).toBe(200);
    expect(await admin.get(`/jobs?status=open&cursor=${cursor}`)).toMatchObject(refused);
    expect(await admin.get(`/jobs?cursor=${cursor}`)).toMatchObject(refused);
    expect(await admin.get(`/candidates?status=open&status=draft&cursor=${cursor}`)).toMatchObject({ status: 422 });
    const stranger = (await aTeam(app)).admin;
    expect(await stranger.get(`/jobs?status=open&status=draft&cursor=${cursor}`)).toMatchObject(refused);
  });

  it('grants nothing: a colleague with fewer rights sees with it what they see without it', async () => {
    const colleague = await aColleague(admin, 'standard');
    const [open] = [await aJob(admin), await aJob(admin, { confidential: true }), await aJob(admin)];
    const cursor = await aCursor('/jobs?cursor=start&per_page=1');
    expect((await colleague.get<Entry[]>(`/jobs?cursor=${cursor}`)).body.map(({ id }) => id)).toEqual([open]);
  });

  it('is refused when what it holds is no place of the list, and is never an error of the service', async () => {
    await aJob(admin);
    await aJob(admin);
    const [list] = JSON.parse(
      Buffer.from(await aCursor('/jobs?cursor=start&per_page=1'), 'base64url').toString(),
    ) as string[];
    const id = '0199aaaa-0000-7000-8000-000000000000';
    for (const place of [
      ['x', id],
      ['1', 'x'],
      ['-1', id],
      ['1e9', id],
      [id],
      ['1', id, id],
      ['99999999999999999', id],
    ]) {
      const cursor = Buffer.from(JSON.stringify([list, ...place])).toString('base64url');
      expect([place, await admin.get(`/jobs?cursor=${cursor}`)]).toMatchObject([place, refused]);
    }
    const cursor = Buffer.from(JSON.stringify([list, '9999999999999999', id])).toString('base64url');
    expect((await admin.get<Entry[]>(`/jobs?cursor=${cursor}`)).body).toHaveLength(2);
  });
});
