import { type RunningApp, startApp } from '../support/app.js';
import { aTeam, type Answer, type Person } from '../support/people.js';
import { aCandidate, aJob, anApplication, aStage } from '../support/fixtures.js';

interface Application {
  id: string;
  status: string;
  current_stage: { id: string } | null;
}

interface Line {
  line: number;
  status: string;
  id: string | null;
  errors: { json: Record<string, string[]> } | null;
}

const sentence = 'This candidate already has an active application for this job.';

let app: RunningApp;
beforeAll(async () => {
  app = await startApp();
});
afterAll(() => app.close());

describe('a candidate has one active application for a job', () => {
  it('one of fifty simultaneous requests opens it, and the others get its id', async () => {
    const { admin, candidateId, jobId } = await aCandidateAndAJob();
    const body = { candidate_id: candidateId, job_id: jobId };
    const answers = await Promise.all(Array.from({ length: 50 }, () => admin.post<Application>('/applications', body)));
    const opened = answers.filter(({ status }) => status === 201);
    expect(opened).toHaveLength(1);
    const id = opened[0]?.body.id ?? '';
    for (const answer of answers.filter((one) => one !== opened[0])) expectRefusal(answer, id);
    expect(await applicationsOf(admin, candidateId)).toEqual([id]);
  });

  it('a new one is possible after a rejection, and for another job at the same time', async () => {
    const { admin, candidateId, jobId } = await aCandidateAndAJob();
    const first = await anApplication(admin, candidateId, jobId);
    await anApplication(admin, candidateId, await aJob(admin));
    await admin.patch(`/applications/${first}`, { status: 'rejected' });
    const second = await anApplication(admin, candidateId, jobId);
    expect(second).not.toBe(first);
  });

  it('a closed application is not reopened while another is active', async () => {
    const { admin, candidateId, jobId } = await aCandidateAndAJob();
    const stageId = await aStage(admin, jobId, 'Screen');
    const first = await anApplication(admin, candidateId, jobId);
    await admin.patch(`/applications/${first}`, { status: 'hired' });
    const second = await anApplication(admin, candidateId, jobId);
    expectRefusal(await admin.patch(`/applications/${first}`, { status: 'active', stage_id: stageId }), second);
    expect((await admin.get(`/applications/${first}`)).body).toMatchObject({ status: 'hired' });
    await admin.patch(`/applications/${second}`, { status: 'rejected' });
    expect(await admin.patch(`/applications/${first}`, { status: 'active' })).toMatchObject({ status: 200 });
  });

  it('only one of several closed ones is reopened when all are reopened at once', async () => {
    const { admin, candidateId, jobId } = await aCandidateAndAJob();
    const ids: string[] = [];
    for (let i = 0; i < 10; i += 1) {
      ids.push(await anApplication(admin, candidateId, jobId));
      await admin.patch(`/applications/${ids[i]}`, { status: 'rejected' });
    }
    const answers = await Promise.all(
      ids.map((id) => admin.patch<Application>(`/applications/${id}`, { status: 'active' })),
    );
    const [reopened, ...others] = answers.toSorted((one, other) => one.status - other.status);
    expect(reopened?.status).toBe(200);
    for (const answer of others) expectRefusal(answer, reopened?.body.id ?? '');
  });

  it('an import reports a second one as failed, with the message and the id, and continues', async () => {
    const { admin } = await aTeam(app);
    const application = { type: 'application', candidate: 'c-1', job: 'j-1' };
    const results = await imported(admin, [
      { type: 'job', external_id: 'j-1', name: 'Nurse' },
      { type: 'candidate', external_id: 'c-1', first_name: 'Ada', last_name: 'Lovelace' },
      { ...application, external_id: 'a-1' },
      { ...application, external_id: 'a-2' },
      { ...application, external_id: 'a-3', status: 'rejected' },
      { ...application, external_id: 'a-3', status: 'active' },
      { ...application, external_id: 'a-1' },
    ]);
    expect(results.map(({ status }) => status)).toEqual([
      ...['created', 'created', 'created', 'failed', 'created', 'failed', 'unchanged'],
    ]);
    const active = results[2]?.id ?? '';
    for (const line of [results[3], results[5]]) {
      expect(line).toMatchObject({ id: null, errors: { json: { line: [sentence], application_id: [active] } } });
    }
  });
});

async function aCandidateAndAJob() {
  const { admin } = await aTeam(app);
  return { admin, candidateId: await aCandidate(admin), jobId: await aJob(admin) };
}

function expectRefusal(answer: Answer<unknown>, applicationId: string): void {
  expect(answer).toMatchObject({
    status: 409,
    body: { reason: 'already_applied', message: sentence, errors: { json: { application_id: [applicationId] } } },
  });
}

const applicationsOf = async (admin: Person, candidateId: string): Promise<string[]> =>
  (await admin.get<{ application_ids: string[] }>(`/candidates/${candidateId}`)).body.application_ids;

async function imported(admin: Person, lines: object[]): Promise<Line[]> {
  const body = lines.map((line) => JSON.stringify(line)).join('\n');
  const answer = await admin.post<string>('/imports', body, { 'content-type': 'application/x-ndjson' });
  return answer.body
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Line);
}
