import { type RunningApp, startApp } from '../support/app.js';
import { aColleague, aTeam, type Person } from '../support/people.js';

interface Job {
  id: string;
  name: string;
  capabilities: string[];
}

let app: RunningApp;
let admin: Person;
let standard: Person;
let limited: Person;

beforeAll(async () => {
  app = await startApp();
  ({ admin } = await aTeam(app));
  standard = await aColleague(admin, 'standard');
  limited = await aColleague(admin, 'limited');
});
afterAll(() => app?.close());

const names = async (person: Person, query = '') =>
  (await person.get<Job[]>(`/jobs${query}`)).body.map((job) => job.name).sort();
const aJob = async (by: Person, name: string, more: Record<string, unknown> = {}) =>
  (await by.post<Job>('/jobs', { name, ...more })).body;
const permit = (job: Job, person: Person, ...permissions: string[]) =>
  admin.put(`/jobs/${job.id}/permissions`, [{ user_id: person.id, permissions }]);

describe('Jobs', () => {
  it('start open and public, and belong to the user who created them', async () => {
    const created = await standard.post<Job>('/jobs', { name: 'Engineer' });
    expect(created.status).toBe(201);
    expect(created.body).toEqual({
      id: expect.any(String) as string,
      external_id: null,
      name: 'Engineer',
      requisition_id: null,
      status: 'open',
      confidential: false,
      capabilities: ['edit_interview_plan', 'send_background_check', 'view_background_check_status'],
      created_at: expect.stringMatching(/Z$/) as string,
      updated_at: expect.stringMatching(/Z$/) as string,
      deleted_at: null,
    });
    expect((await standard.get(`/jobs/${created.body.id}`)).body).toEqual(created.body);
    const permissions = await standard.get(`/jobs/${created.body.id}/permissions`);
    expect(permissions.body).toEqual([{ user_id: standard.id, permissions: ['manage'] }]);
  });

  it('can be changed by users with the right to manage them', async () => {
    const job = await aJob(admin, 'Draft', { status: 'draft', requisition_id: 'R-1' });
    const changed = await standard.patch(`/jobs/${job.id}`, { status: 'open', requisition_id: null });
    expect(changed.body).toMatchObject({ name: 'Draft', status: 'open', requisition_id: null });
    await permit(job, limited, 'send_checks');
    expect((await limited.patch(`/jobs/${job.id}`, { nonsense: 1 })).status).toBe(403);
    await permit(job, limited, 'manage');
    expect((await limited.patch(`/jobs/${job.id}`, { name: 'Managed' })).body).toMatchObject({ name: 'Managed' });
  });

  it('apply all changes made at the same time', async () => {
    const job = await aJob(admin, 'Busy');
    const changes = [{ name: 'Busier' }, { status: 'closed' }, { requisition_id: 'R-7' }, { confidential: true }];
    const answers = await Promise.all(changes.map((change) => admin.patch(`/jobs/${job.id}`, change)));
    expect(answers.map((answer) => answer.status)).toEqual([200, 200, 200, 200]);
    expect((await admin.get(`/jobs/${job.id}`)).body).toMatchObject(Object.assign({}, ...changes) as object);
  });

  it('cannot be created by limited and restricted users', async () => {
    expect((await limited.post('/jobs', { name: 'No' })).status).toBe(403);
  });

  it.each([
    [{}, 'name'],
    [{ name: null }, 'name'],
    [{ name: ' ' }, 'name'],
    [{ name: 7 }, 'name'],
    [{ name: 'A', status: 'closing' }, 'status'],
    [{ name: 'A', confidential: 'no' }, 'confidential'],
    [{ name: 'A', stages: [] }, 'stages'],
  ])('are refused as %j with the field %s', async (body, field) => {
    const answer = await admin.post('/jobs', body);
    expect(answer.status).toBe(422);
    expect(answer.body).toMatchObject({ errors: { json: { [field]: expect.any(Array) as string[] } } });
  });
});

describe('The list of jobs [R-41]', () => {
  let searcher: Person;
  beforeAll(async () => {
    ({ admin: searcher } = await aTeam(app));
    await aJob(searcher, 'Élan Vital Ingénieur');
    await aJob(searcher, 'Senior engineer (50 % remote)', { status: 'closed' });
    await aJob(searcher, 'Søren’s deputy', { status: 'draft' });
  });

  it.each([
    ['ELAN', ['Élan Vital Ingénieur']],
    ['ingenieur', ['Élan Vital Ingénieur']],
    ['gine', ['Senior engineer (50 % remote)']],
    ['50 %', ['Senior engineer (50 % remote)']],
    ['%', ['Senior engineer (50 % remote)']],
    ['_', []],
    ['soren', ['Søren’s deputy']],
    ['\\', []],
  ])('finds %j in any part of the name, ignoring case and accents', async (search, expected) => {
    expect(await names(searcher, `?search=${encodeURIComponent(search)}`)).toEqual(expected);
  });

  it('is filtered by status, where several statuses mean any of them', async () => {
    expect(await names(searcher, '?status=draft')).toEqual(['Søren’s deputy']);
    expect(await names(searcher, '?status=draft&status=closed')).toHaveLength(2);
    expect((await searcher.get('/jobs?status=nonsense')).status).toBe(422);
    expect((await searcher.get('/jobs?search=%00')).status).toBe(422);
  });

  it('shows only jobs of the team', async () => {
    const { admin: stranger } = await aTeam(app);
    expect(await names(stranger)).toEqual([]);
    const job = await aJob(searcher, 'Ours');
    expect((await stranger.get(`/jobs/${job.id}`)).status).toBe(404);
    expect((await stranger.patch(`/jobs/${job.id}`, { nonsense: 1 })).status).toBe(404);
    expect((await stranger.put(`/jobs/${job.id}/permissions`, [])).status).toBe(404);
    expect((await stranger.get('/jobs/malformed')).status).toBe(404);
  });
});

describe('A job is visible to [R-07]', () => {
  it('limited and restricted users only where its permissions name them', async () => {
    const job = await aJob(admin, 'Theirs');
    await aJob(admin, 'Not theirs');
    for (const level of ['limited', 'restricted'] as const) {
      const person = await aColleague(admin, level);
      expect(await names(person)).toEqual([]);
      expect((await person.get(`/jobs/${job.id}`)).status).toBe(404);
      await permit(job, person);
      expect(await names(person)).toEqual(['Theirs']);
      const seen = await person.get<Job>(`/jobs/${job.id}`);
      expect(seen.body.capabilities).toEqual(['view_background_check_status']);
    }
  });

  it('admins and the users it names when it is confidential; for others it does not exist', async () => {
    const secret = await aJob(admin, 'Secret', { confidential: true });
    expect((await standard.get(`/jobs/${secret.id}`)).status).toBe(404);
    expect((await standard.patch(`/jobs/${secret.id}`, { name: 'Known' })).status).toBe(404);
    expect(await names(standard, '?search=secret')).toEqual([]);
    expect((await standard.get('/jobs?search=secret')).headers.get('x-total-count')).toBe('0');
    await permit(secret, standard, 'view_results');
    expect(await names(standard, '?search=secret')).toEqual(['Secret']);
    await admin.put(`/jobs/${secret.id}/permissions`, []);
    expect((await standard.get(`/jobs/${secret.id}`)).status).toBe(404);
    expect((await admin.get(`/jobs/${secret.id}`)).status).toBe(200);
  });

  it('the standard user who created it, even when it is confidential', async () => {
    const own = await aJob(standard, 'Own secret', { confidential: true });
    expect(await names(standard, '?search=own')).toEqual(['Own secret']);
    expect((await standard.get(`/jobs/${own.id}/permissions`)).status).toBe(200);
  });
});

describe('Permissions', () => {
  it('are replaced as a whole, by admins and managers of the job', async () => {
    const job = await aJob(admin, 'Shared');
    const path = `/jobs/${job.id}/permissions`;
    expect((await standard.get(path)).status).toBe(403);
    expect((await standard.put(path, { nonsense: true })).status).toBe(403);
    await permit(job, standard, 'manage', 'view_results');
    const list = [
      { user_id: limited.id, permissions: ['send_checks', 'view_results'] },
      { user_id: standard.id, permissions: ['manage', 'view_results'] },
    ];
    const replaced = await standard.put<{ user_id: string }[]>(path, list);
    expect(replaced.status).toBe(200);
    expect(replaced.body).toHaveLength(2);
    expect(replaced.body).toEqual(expect.arrayContaining(list));
    expect((await limited.get<Job>(`/jobs/${job.id}`)).body.capabilities).toEqual([
      'send_background_check',
      'view_background_check_status',
      'view_background_check_results',
    ]);
    expect((await limited.get(path)).status).toBe(403);
  });

  it('are recorded in the audit log', async () => {
    const job = await aJob(admin, 'Audited');
    await permit(job, limited, 'manage');
    const log = await admin.get(`/audit_log?action=permissions.replace&entity_id=${job.id}`);
    expect(log.body).toMatchObject([
      {
        entity: 'job',
        from: { permissions: [{ user_id: admin.id, permissions: ['manage'] }] },
        to: { permissions: [{ user_id: limited.id, permissions: ['manage'] }] },
      },
    ]);
  });

  it('refuse users of another team, the same user twice, and unknown permissions', async () => {
    const job = await aJob(admin, 'Refusing');
    const { admin: stranger } = await aTeam(app);
    const path = `/jobs/${job.id}/permissions`;
    const foreign = await admin.put(path, [{ user_id: stranger.id, permissions: [] }]);
    expect([foreign.status, foreign.body['reason']]).toEqual([422, 'unknown_reference']);
    const entry = { user_id: limited.id, permissions: ['manage'] };
    for (const body of [
      [entry, entry],
      [{ ...entry, permissions: ['own'] }],
      [{ ...entry, note: 'x' }],
      [{ user_id: 'nonsense', permissions: [] }],
      [null],
      [[]],
      entry,
    ]) {
      expect((await admin.put(path, body)).status).toBe(422);
    }
    expect((await admin.get(path)).body).toEqual([{ user_id: admin.id, permissions: ['manage'] }]);
  });
});
