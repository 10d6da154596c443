import { type RunningApp, startApp } from '../support/app.js';
import { aColleague, aTeam, type Person } from '../support/people.js';
import { aStage } from '../support/fixtures.js';

interface Result {
  line: number;
  status: 'created' | 'updated' | 'unchanged' | 'failed';
  id: string | null;
  errors: { json: Record<string, string[]> } | null;
}

interface Found {
  id: string;
  external_id: string | null;
}

interface Refusal {
  reason: string;
  errors: { json: object };
}

const nurse = { type: 'job', external_id: 'j-1', name: 'Nurse', stages: [{ name: 'Screen' }, { name: 'Offer' }] };
const ada = { type: 'candidate', external_id: 'c-1', first_name: 'Ada', last_name: 'Lovelace' };
const adaAsNurse = { type: 'application', external_id: 'a-1', candidate: 'c-1', job: 'j-1', status: 'active' };

let app: RunningApp;
beforeAll(async () => {
  app = await startApp();
});
afterAll(() => app.close());

describe('an import', () => {
  it('creates jobs with their stages, candidates, and applications in their stage', async () => {
    const { admin } = await aTeam(app);
    const results = await imported(admin, nurse, ada, { ...adaAsNurse, stage: 'Offer' });
    expect(results.map(({ line, status, errors }) => [line, status, errors])).toEqual([
      [1, 'created', null],
      [2, 'created', null],
      [3, 'created', null],
    ]);
    const [job, candidate, application] = results.map(({ id }) => id);
    expect(await stageNames(admin, job)).toEqual(['1 Screen', '2 Offer']);
    expect((await admin.get(`/applications/${application}`)).body).toMatchObject({
      candidate_id: candidate,
      job_id: job,
      status: 'active',
      current_stage: { name: 'Offer' },
    });
  });

  it('changes nothing when it is repeated, and reports what changed when lines differ', async () => {
    const { admin } = await aTeam(app);
    const lines = [nurse, ada, { ...adaAsNurse, stage: 'Offer' }];
    const first = await imported(admin, ...lines);
    const second = await imported(admin, ...lines);
    expect(second).toEqual(first.map((result) => ({ ...result, status: 'unchanged' })));
    const stages = [{ name: 'Screen' }, { name: 'Visit' }, { name: 'Offer' }];
    const third = await imported(admin, { ...nurse, stages }, ada, { ...adaAsNurse, stage: 'Visit' });
    expect(third.map(({ status }) => status)).toEqual(['updated', 'unchanged', 'updated']);
    expect(third.map(({ id }) => id)).toEqual(first.map(({ id }) => id));
    expect(await stageNames(admin, third[0]?.id)).toEqual(['1 Screen', '2 Visit', '3 Offer']);
  });

  it('gives its records ids of the other system, which come out again and find them', async () => {
    const { admin } = await aTeam(app);
    const [job, candidate, application] = (await imported(admin, nurse, ada, adaAsNurse)).map(({ id }) => id);
    const found = async (path: string) => (await admin.get<{ id: string; external_id: string }[]>(path)).body;
    const records = { jobs: [job, 'j-1'], candidates: [candidate, 'c-1'], applications: [application, 'a-1'] };
    for (const [kind, [id, external_id]] of Object.entries(records)) {
      expect((await admin.get(`/${kind}/${id}`)).body).toMatchObject({ id, external_id });
      expect(await found(`/${kind}?external_id=x&external_id=%20${external_id}%20`)).toMatchObject([
        { id, external_id },
      ]);
      expect(await found(`/${kind}?external_id=${external_id?.toUpperCase()}`)).toEqual([]);
    }
    const { admin: stranger } = await aTeam(app);
    expect((await stranger.get('/candidates?external_id=c-1')).body).toEqual([]);
  });

  it('leaves fields unchanged that a line does not contain', async () => {
    const { admin } = await aTeam(app);
    const [job, , application] = await imported(admin, nurse, ada, { ...adaAsNurse, stage: 'Offer' });
    await aStage(admin, job?.id ?? '', 'Own stage');
    const again = await imported(admin, nurse, ada, adaAsNurse);
    expect(again.map(({ status }) => status)).toEqual(['unchanged', 'unchanged', 'unchanged']);
    expect(await stageNames(admin, job?.id)).toEqual(['1 Screen', '2 Offer', '3 Own stage']);
    expect((await admin.get(`/applications/${application?.id}`)).body).toMatchObject({
      current_stage: { name: 'Offer' },
    });
  });

  it('puts an application without a stage into the first stage', async () => {
    const { admin } = await aTeam(app);
    const results = await imported(admin, nurse, ada, adaAsNurse);
    expect((await admin.get(`/applications/${results[2]?.id}`)).body).toMatchObject({
      current_stage: { name: 'Screen' },
    });
  });

  it('reports an invalid line by its number, and imports the others', async () => {
    const { admin } = await aTeam(app);
    const body = [
      JSON.stringify(nurse),
      '{"type":"candidate",',
      JSON.stringify({ type: 'offer', external_id: 'o-1' }),
      '',
      '[]',
      JSON.stringify({ ...ada, first_name: undefined, external_id: 'c-9' }),
      JSON.stringify(ada),
      JSON.stringify({ ...adaAsNurse, candidate: 'unknown' }),
      JSON.stringify({ ...adaAsNurse, stage: 'No such stage' }),
      JSON.stringify(adaAsNurse),
    ].join('\n');
    const results = await importedText(admin, body);
    expect(results.map(({ line, status, errors }) => [line, status, ...Object.keys(errors?.json ?? {})])).toEqual([
      [1, 'created'],
      [2, 'failed', 'line'],
      [3, 'failed', 'type'],
      [5, 'failed', 'line'],
      [6, 'failed', 'first_name'],
      [7, 'created'],
      [8, 'failed', 'candidate'],
      [9, 'failed', 'stage'],
      [10, 'created'],
    ]);
    expect(results.filter(({ status }) => status === 'failed').every(({ id }) => id === null)).toBe(true);
  });

  it('imports nothing of a line with invalid stages', async () => {
    const { admin } = await aTeam(app);
    const [result] = await imported(admin, { ...nurse, stages: [{ name: 'A' }, { name: '' }] });
    expect(result).toMatchObject({ status: 'failed', errors: { json: { 'stages.1.name': [expect.any(String)] } } });
    expect((await admin.get('/jobs')).body).toEqual([]);
  });

  it('answers each line as soon as it is done, while more lines follow', async () => {
    const { admin } = await aTeam(app);
    const sending = new TransformStream<Uint8Array, Uint8Array>();
    const writer = sending.writable.getWriter();
    const write = (line: object) => writer.write(new TextEncoder().encode(`${JSON.stringify(line)}\n`));
    const answering = fetch(`${app.url}/ats/v0/imports`, {
      method: 'POST',
      headers: { authorization: `Bearer ${admin.token}`, 'content-type': 'application/x-ndjson' },
      body: sending.readable,
      duplex: 'half',
    });
    await write(nurse);
    const answer = await answering;
    expect(answer.status).toBe(200);
    expect(answer.headers.get('content-type')).toContain('application/x-ndjson');
    const reader = answer.body?.pipeThrough(new TextDecoderStream()).getReader();
    expect((await reader?.read())?.value).toContain('"line":1');
    await write(ada);
    expect((await reader?.read())?.value).toContain('"line":2');
    await writer.close();
    expect((await reader?.read())?.done).toBe(true);
  });

  it('is for admins only, accepts only NDJSON, and at most 50 MiB', async () => {
    const { admin } = await aTeam(app);
    const recruiter = await aColleague(admin, 'standard');
    const headers = { 'content-type': 'application/x-ndjson' };
    expect((await recruiter.post('/imports', JSON.stringify(nurse), headers)).status).toBe(403);
    expect((await admin.post('/imports', nurse)).status).toBe(415);
    expect((await admin.post('/imports', 'x'.repeat(50 * 1024 * 1024 + 1), headers)).status).toBe(413);
    expect((await admin.get('/imports')).status).toBe(405);
  });

  it('is recorded in the audit log where it changes plans', async () => {
    const { admin } = await aTeam(app);
    await imported(admin, nurse);
    const log = await admin.get<{ to: { name: string } }[]>('/audit_log?action=stage.create');
    expect(log.body.map(({ to }) => to.name).sort()).toEqual(['Offer', 'Screen']);
  });
});

describe('An id of another system', () => {
  it('is given and changed one by one, and belongs to one record of its kind', async () => {
    const { admin } = await aTeam(app);
    const person = { first_name: 'Ada', last_name: 'Lovelace' };
    const candidate = await admin.post<Found>('/candidates', { ...person, external_id: ' c-1 ' });
    const job = await admin.post<Found>('/jobs', { name: 'Nurse', external_id: 'c-1' });
    const body = { candidate_id: candidate.body.id, job_id: job.body.id, external_id: 'c-1' };
    const application = await admin.post<Found>('/applications', body);
    const made = [candidate, job, application].map((one) => [one.status, one.body.external_id]);
    expect(made).toEqual(Array.from({ length: 3 }, () => [201, 'c-1']));
    const other = (await admin.post<Found>('/candidates', person)).body;
    expect(other.external_id).toBeNull();
    for (const refused of [
      await admin.post('/candidates', { ...person, external_id: 'c-1' }),
      await admin.patch(`/candidates/${other.id}`, { external_id: 'c-1' }),
    ])
      expect(refused).toMatchObject({
        status: 409,
        body: { reason: 'already_taken', errors: { json: { candidate_id: [candidate.body.id] } } },
      });
    await admin.patch(`/candidates/${candidate.body.id}`, { external_id: null });
    const taken = await admin.patch<Found>(`/candidates/${other.id}`, { external_id: 'c-1' });
    expect([taken.status, taken.body.external_id]).toEqual([200, 'c-1']);
    const moved = await admin.patch<Found>(`/applications/${application.body.id}`, { external_id: 'a-9' });
    expect([moved.status, moved.body.external_id]).toEqual([200, 'a-9']);
    const [line] = await imported(admin, { ...ada, external_id: 'c-1', first_name: 'Grace' });
    expect(line).toMatchObject({ id: other.id, status: 'updated' });
  });

  it('tells those who do not see a record no more than that its id is taken', async () => {
    const { admin } = await aTeam(app);
    const colleague = await aColleague(admin, 'standard');
    await admin.post('/jobs', { name: 'Codebreaker', confidential: true, external_id: 'secret' });
    const refused = await colleague.post<Refusal>('/jobs', { name: 'Nurse', external_id: 'secret' });
    expect([refused.status, refused.body.reason]).toEqual([409, 'already_taken']);
    expect(Object.keys(refused.body.errors.json)).toEqual(['external_id']);
    expect((await colleague.get('/jobs?external_id=secret')).body).toEqual([]);
  });

  it('is as long as in an import', async () => {
    const { admin } = await aTeam(app);
    for (const external_id of ['', ' ', 'x'.repeat(256), 'a\0', 7])
      expect((await admin.post('/jobs', { name: 'Nurse', external_id })).status).toBe(422);
    expect((await admin.post('/jobs', { name: 'Nurse', external_id: 'x'.repeat(255) })).status).toBe(201);
  });

  it('goes with the candidate, and is not accepted again', async () => {
    const { admin } = await aTeam(app);
    const [, candidate, application] = (await imported(admin, nurse, ada, adaAsNurse)).map(({ id }) => id);
    await admin.post(`/candidates/${candidate}/anonymise`);
    for (const path of [`/candidates/${candidate}`, `/applications/${application}`])
      expect((await admin.get(path)).body).toMatchObject({ external_id: null });
    expect((await admin.get('/candidates?external_id=c-1')).body).toEqual([]);
    const gone = { status: 409, body: { reason: 'candidate_anonymised' } };
    const again = { first_name: 'Ada', last_name: 'Lovelace', external_id: 'c-1' };
    expect(await admin.post('/candidates', again)).toMatchObject(gone);
    expect(await admin.patch(`/applications/${application}`, { external_id: 'a-1' })).toMatchObject(gone);
  });
});

const imported = (person: Person, ...lines: object[]): Promise<Result[]> =>
  importedText(person, lines.map((line) => `${JSON.stringify(line)}\n`).join(''));

async function importedText(person: Person, body: string): Promise<Result[]> {
  const answer = await person.post<string>('/imports', body, { 'content-type': 'application/x-ndjson' });
  expect(answer.status).toBe(200);
  return answer.body
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Result);
}

async function stageNames(person: Person, jobId: string | null | undefined): Promise<string[]> {
  const { body } = await person.get<{ priority: number; name: string }[]>(`/jobs/${jobId}/stages`);
  return body.map(({ priority, name }) => `${priority} ${name}`);
}
