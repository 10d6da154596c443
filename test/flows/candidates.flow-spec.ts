import { type RunningApp, startApp } from '../support/app.js';
import { aColleague, aTeam, type Person } from '../support/people.js';

interface Named {
  id: string;
}
interface Candidate extends Named {
  last_name: string;
  application_ids: string[];
}

let app: RunningApp;
let admin: Person;

beforeAll(async () => {
  app = await startApp();
  ({ admin } = await aTeam(app));
});
afterAll(() => app?.close());

const aCandidate = async (by: Person, last_name: string, email?: string, more: Record<string, unknown> = {}) =>
  (
    await by.post<Candidate>('/candidates', {
      first_name: 'Ada',
      last_name,
      ...(email ? { email_addresses: [{ value: email }] } : {}),
      ...more,
    })
  ).body;
const aJob = async (by: Person, more: Record<string, unknown> = {}) =>
  (await by.post<Named>('/jobs', { name: 'Engineer', ...more })).body;
const apply = async (by: Person, candidate: Named, job: Named) =>
  (await by.post<Named>('/applications', { candidate_id: candidate.id, job_id: job.id })).body;
const found = async (by: Person, query: string) =>
  (await by.get<Candidate[]>(`/candidates?${query}`)).body.map((candidate) => candidate.last_name).sort();

describe('Candidates', () => {
  it('are stored as they were entered', async () => {
    const body = {
      first_name: 'Ada',
      last_name: 'Lovelace',
      email_addresses: [
        { value: 'Ada+jobs@Example.org', is_primary: true },
        { value: 'ada@home.example.org', is_primary: false },
      ],
      phone_numbers: [{ value: '+44 20 7946 0000' }],
    };
    const created = await admin.post<Candidate>('/candidates', body);
    expect(created.status).toBe(201);
    expect(created.body).toEqual({
      ...body,
      id: expect.any(String) as string,
      external_id: null,
      application_ids: [],
      anonymised_at: null,
      legal_hold: false,
      created_at: expect.stringMatching(/Z$/) as string,
      updated_at: expect.stringMatching(/Z$/) as string,
      deleted_at: null,
    });
    expect((await admin.get(`/candidates/${created.body.id}`)).body).toEqual(created.body);
  });

  it('may have no addresses and phones, and may lose them', async () => {
    const { id } = await aCandidate(admin, 'Bare', 'bare@example.org');
    const changed = await admin.patch(`/candidates/${id}`, { email_addresses: [] });
    expect(changed.body).toMatchObject({ last_name: 'Bare', email_addresses: [], phone_numbers: [] });
    expect(await found(admin, 'email=bare@example.org')).toEqual([]);
  });

  it.each([
    [{ first_name: 'Ada' }, 'last_name'],
    [{ first_name: '', last_name: 'L' }, 'first_name'],
    [{ first_name: 'Ada', last_name: null }, 'last_name'],
    [{ first_name: 'Ada', last_name: 'L', email: 'a@b.org' }, 'email'],
    [{ first_name: 'Ada', last_name: 'L', email_addresses: 'a@b.org' }, 'email_addresses'],
    [{ first_name: 'Ada', last_name: 'L', email_addresses: ['a@b.org'] }, 'email_addresses.0'],
    [{ first_name: 'Ada', last_name: 'L', email_addresses: [{ value: 1 }] }, 'email_addresses.0.value'],
    [{ first_name: 'Ada', last_name: 'L', phone_numbers: [{ value: '1', kind: 'home' }] }, 'phone_numbers.0.kind'],
    [{ first_name: 'Ada', last_name: 'L', email_addresses: [[]] }, 'email_addresses'],
    [{ first_name: 'Ada', last_name: 'L', phone_numbers: [[]] }, 'phone_numbers'],
  ])('are refused as %j with the field %s', async (body, field) => {
    const answer = await admin.post<{ errors: { json: object } }>('/candidates', body);
    expect(answer.status).toBe(422);
    expect(Object.keys(answer.body.errors.json)).toContain(field);
  });

  it('have at most one primary address', async () => {
    const primary = (value: string) => ({ value, is_primary: true });
    const { id } = await aCandidate(admin, 'Two');
    const answer = await admin.patch(`/candidates/${id}`, {
      email_addresses: [primary('a@b.org'), primary('c@d.org')],
    });
    expect(answer.status).toBe(422);
    expect(answer.body).toMatchObject({ errors: { json: { email_addresses: [expect.any(String)] } } });
  });

  it('answer the same 404 for an id of another team, an unknown and a malformed one', async () => {
    const { admin: stranger } = await aTeam(app);
    const { id } = await aCandidate(stranger, 'Foreign');
    for (const path of [id, '0199aaaa-0000-7000-8000-000000000000', 'malformed']) {
      expect((await admin.get(`/candidates/${path}`)).status).toBe(404);
      expect((await admin.patch(`/candidates/${path}`, { nonsense: 1 })).status).toBe(404);
    }
  });
});

describe('The search for candidates [R-64]', () => {
  let searcher: Person;
  let job: Named;
  beforeAll(async () => {
    ({ admin: searcher } = await aTeam(app));
    job = await aJob(searcher);
    await aCandidate(searcher, 'Müller', 'Muller+Jobs@EXÄMPLE.org');
    await aCandidate(searcher, 'O’Neill', 'oneill@example.org');
    await apply(searcher, await aCandidate(searcher, 'Öztürk', 'shared@example.org'), job);
    await aCandidate(searcher, 'Double', 'shared@example.org');
  });

  it.each([
    ['search=MULLER', ['Müller']],
    ['search=ada%20mul', ['Müller']],
    ['search=ozturk', ['Öztürk']],
    ['search=oneill@', ['O’Neill']],
    ['search=xn--exmple', ['Müller']],
    ['search=exämple', ['Müller', 'O’Neill', 'Double', 'Öztürk']],
    ['search=nobody', []],
  ])('matches any part of names and addresses: %s', async (query, expected) => {
    expect(await found(searcher, query)).toEqual([...expected].sort());
  });

  it.each([
    ['muller+jobs@exämple.ORG', ['Müller']],
    ['muller@exämple.org', []],
    [' muller+jobs@xn--exmple-cua.org', ['Müller']],
    ['shared@example.org', ['Double', 'Öztürk']],
    ['shared', []],
  ])('by the address %j finds its candidate in any spelling', async (email, expected) => {
    expect(await found(searcher, `email=${encodeURIComponent(email)}`)).toEqual(expected);
  });

  it('by job finds the applicants of it, and combines several filters', async () => {
    expect(await found(searcher, `job_id=${job.id}`)).toEqual(['Öztürk']);
    expect(await found(searcher, `job_id=${job.id}&search=double`)).toEqual([]);
    expect(await found(searcher, 'job_id=nonsense')).toEqual([]);
    expect(await found(searcher, 'email=shared@example.org&email=oneill@example.org')).toHaveLength(3);
  });

  it('counts and pages like every list', async () => {
    const page = await searcher.get<Candidate[]>('/candidates?per_page=3&page=2');
    expect(page.body).toHaveLength(1);
    expect(page.headers.get('x-total-count')).toBe('4');
    expect(page.headers.get('link')).not.toContain('rel="next"');
  });
});

describe('A candidate is visible to', () => {
  it('users who see a job of one of their applications; without an application, standard users and admins', async () => {
    const { admin: boss } = await aTeam(app);
    const standard = await aColleague(boss, 'standard');
    const limited = await aColleague(boss, 'limited');
    const [open, secret] = [await aJob(boss), await aJob(boss, { confidential: true })];
    const [idle, applicant, confidant] = [
      await aCandidate(boss, 'Idle'),
      await aCandidate(boss, 'Applicant'),
      await aCandidate(boss, 'Confidant'),
    ];
    const seenApplication = await apply(boss, applicant, open);
    await apply(boss, applicant, secret);
    await apply(boss, confidant, secret);

    expect(await found(standard, '')).toEqual(['Applicant', 'Idle']);
    expect(await found(limited, '')).toEqual([]);
    expect((await standard.get(`/candidates/${confidant.id}`)).status).toBe(404);
    expect((await limited.get(`/candidates/${idle.id}`)).status).toBe(404);
    expect(await found(standard, `job_id=${secret.id}`)).toEqual([]);
    const seen = await standard.get<Candidate>(`/candidates/${applicant.id}`);
    expect(seen.body.application_ids).toEqual([seenApplication.id]);

    await boss.put(`/jobs/${open.id}/permissions`, [{ user_id: limited.id, permissions: [] }]);
    expect(await found(limited, '')).toEqual(['Applicant']);
    expect((await limited.patch(`/candidates/${applicant.id}`, { last_name: 'X' })).status).toBe(403);
    await boss.put(`/jobs/${open.id}/permissions`, [{ user_id: limited.id, permissions: ['manage'] }]);
    expect((await limited.patch(`/candidates/${applicant.id}`, { last_name: 'Renamed' })).status).toBe(200);
    expect((await limited.post('/candidates', { first_name: 'A', last_name: 'B' })).status).toBe(403);
  });
});
