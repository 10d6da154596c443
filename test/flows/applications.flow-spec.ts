import { type RunningApp, startApp } from '../support/app.js';
import { aColleague, aTeam, type Person } from '../support/people.js';
import { aCandidate, aJob, anApplication, aStage } from '../support/fixtures.js';

interface Application {
  id: string;
  candidate: { first_name: string };
  job_id: string;
  status: string;
  current_stage: { id: string; name: string } | null;
  created_at: string;
  updated_at: string;
}

const time = expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/) as string;
const unknownId = '01890a5d-ac96-774b-bcce-b302099a8057';

let app: RunningApp;
beforeAll(async () => {
  app = await startApp();
});
afterAll(() => app.close());

describe('applications', () => {
  it('start in the first stage of the plan', async () => {
    const { admin } = await aTeam(app);
    const jobId = await aJob(admin, { name: 'Nurse' });
    const stageId = await aStage(admin, jobId, 'Screen');
    await aStage(admin, jobId, 'Offer');
    const candidateId = await aCandidate(admin);
    const opened = await admin.post<Application>('/applications', { candidate_id: candidateId, job_id: jobId });
    expect(opened.status).toBe(201);
    expect(opened.body).toEqual({
      id: expect.any(String) as string,
      external_id: null,
      candidate_id: candidateId,
      candidate: { id: candidateId, first_name: 'Ada', last_name: 'Example' },
      job_id: jobId,
      job: { id: jobId, name: 'Nurse' },
      status: 'active',
      current_stage: { id: stageId, name: 'Screen' },
      created_at: time,
      updated_at: time,
      deleted_at: null,
    });
    expect((await admin.get(`/applications/${opened.body.id}`)).body).toEqual(opened.body);
    expect((await admin.get(`/candidates/${candidateId}`)).body).toMatchObject({ application_ids: [opened.body.id] });
  });

  it('start without a stage when the plan has none, and in the named stage when one is given', async () => {
    const { admin } = await aTeam(app);
    const jobId = await aJob(admin);
    const candidate_id = await aCandidate(admin);
    const none = await admin.post<Application>('/applications', { candidate_id, job_id: jobId });
    expect(none.body.current_stage).toBeNull();
    await aStage(admin, jobId, 'Screen');
    const stage_id = await aStage(admin, jobId, 'Offer');
    await admin.patch(`/applications/${none.body.id}`, { status: 'rejected' });
    const named = await admin.post<Application>('/applications', { candidate_id, job_id: jobId, stage_id });
    expect(named.body.current_stage).toEqual({ id: stage_id, name: 'Offer' });
  });

  it('move, close and reopen', async () => {
    const { admin, applicationId, offer } = await aPipeline();
    const path = `/applications/${applicationId}`;
    const moved = await admin.patch<Application>(path, { stage_id: offer });
    expect(moved).toMatchObject({ status: 200, body: { current_stage: { id: offer }, status: 'active' } });
    expect((await admin.patch<Application>(path, { status: 'hired' })).body).toMatchObject({
      status: 'hired',
      current_stage: { id: offer },
    });
    expect((await admin.patch<Application>(path, { status: 'active' })).body).toMatchObject({
      status: 'active',
      current_stage: { id: offer },
    });
    expect((await admin.get<Application[]>(`/applications?updated_after=${moved.body.updated_at}`)).body).toHaveLength(
      1,
    );
  });

  it('accept only a stage of their own job', async () => {
    const { admin, applicationId, jobId } = await aPipeline();
    const foreign = await aStage(admin, await aJob(admin), 'Elsewhere');
    const deleted = await aStage(admin, jobId, 'Old');
    await admin.delete(`/job_stages/${deleted}`);
    const candidate_id = await aCandidate(admin);
    for (const stage_id of [foreign, deleted, unknownId, 'nonsense']) {
      const answers = [
        await admin.patch(`/applications/${applicationId}`, { stage_id }),
        await admin.post('/applications', { candidate_id, job_id: jobId, stage_id }),
      ];
      for (const answer of answers) {
        expect(answer).toMatchObject({ status: 422, body: { reason: 'unknown_reference' } });
        expect(Object.keys((answer.body.errors as { json: object }).json)).toEqual(['stage_id']);
      }
    }
    expect((await admin.get(`/candidates/${candidate_id}`)).body).toMatchObject({ application_ids: [] });
  });

  it('accept only a candidate and a job that exist', async () => {
    const { admin, jobId } = await aPipeline();
    const candidate_id = await aCandidate(admin);
    const { admin: stranger } = await aTeam(app);
    for (const foreign of [unknownId, 'nonsense', await aJob(stranger)]) {
      const answer = await admin.post('/applications', { candidate_id, job_id: foreign });
      expect(answer).toMatchObject({ status: 422, body: { reason: 'unknown_reference' } });
      expect(answer.body.errors).toHaveProperty('json.job_id');
    }
    for (const foreign of [unknownId, 'nonsense', await aCandidate(stranger)]) {
      const answer = await admin.post('/applications', { candidate_id: foreign, job_id: jobId });
      expect(answer).toMatchObject({ status: 422, body: { reason: 'unknown_reference' } });
      expect(answer.body.errors).toHaveProperty('json.candidate_id');
    }
  });

  it.each([
    [{ status: 'paused' }, 'status'],
    [{ status: null }, 'status'],
    [{ stage_id: null }, 'stage_id'],
    [{ job_id: unknownId }, 'job_id'],
  ])('refuse %j with the name of its field', async (body, field) => {
    const { admin, applicationId } = await aPipeline();
    const answer = await admin.patch(`/applications/${applicationId}`, body);
    expect(answer.status).toBe(422);
    expect(answer.body.errors).toHaveProperty(`json.${field}`);
  });

  it('are visible to users who see the job', async () => {
    const { admin, applicationId, jobId } = await aPipeline();
    const candidate_id = await aCandidate(admin);
    const path = `/applications/${applicationId}`;
    const person = await aColleague(admin, 'restricted');
    expect((await person.get(path)).status).toBe(404);
    expect((await person.patch(path, {})).status).toBe(404);
    expect((await person.get('/applications')).body).toEqual([]);
    const unseen = await person.post('/applications', { candidate_id, job_id: jobId });
    expect(unseen).toMatchObject({ status: 422, body: { reason: 'unknown_reference' } });
    await admin.put(`/jobs/${jobId}/permissions`, [{ user_id: person.id, permissions: ['view_results'] }]);
    expect((await person.get(path)).status).toBe(200);
    expect((await person.patch(path, { status: 'hired' })).status).toBe(403);
    expect((await person.get<Application[]>('/applications')).body).toHaveLength(1);
    expect((await person.post('/applications', { candidate_id, job_id: jobId })).status).toBe(403);
    await admin.put(`/jobs/${jobId}/permissions`, [{ user_id: person.id, permissions: ['manage'] }]);
    expect((await person.patch(path, { status: 'hired' })).status).toBe(200);
    // They cannot see a candidate who has not applied anywhere yet.
    const answer = await person.post('/applications', { candidate_id, job_id: jobId });
    expect(answer.body.errors).toHaveProperty('json.candidate_id');
  });
});

describe('the talent pipeline', () => {
  it('is filtered by job, candidate, status and stage, each repeatable', async () => {
    const { admin, jobId, screen, offer, applicationId, candidateId } = await aPipeline();
    const second = await anApplication(admin, await aCandidate(admin), jobId);
    await admin.patch(`/applications/${second}`, { stage_id: offer, status: 'rejected' });
    const otherJob = await aJob(admin);
    const third = await anApplication(admin, candidateId, otherJob);
    expect(await ids(admin, '')).toEqual([third, second, applicationId]);
    expect(await ids(admin, `job_id=${jobId}&status=active`)).toEqual([applicationId]);
    expect(await ids(admin, `job_id=${jobId}&job_id=${otherJob}`)).toEqual([third, second, applicationId]);
    expect(await ids(admin, `candidate_id=${candidateId}`)).toEqual([third, applicationId]);
    expect(await ids(admin, `stage_id=${offer}`)).toEqual([second]);
    expect(await ids(admin, `stage_id=${screen}&stage_id=${offer}`)).toEqual([second, applicationId]);
    expect(await ids(admin, 'status=active&status=rejected')).toHaveLength(3);
    expect(await ids(admin, `job_id=${unknownId}`)).toEqual([]);
    expect(await ids(admin, 'stage_id=nonsense')).toEqual([]);
    expect((await admin.get('/applications?status=paused')).status).toBe(422);
    expect((await admin.get('/applications?colour=red')).status).toBe(422);
  });

  it('comes in pages, newest first', async () => {
    const { admin, jobId, applicationId } = await aPipeline();
    const second = await anApplication(admin, await aCandidate(admin), jobId);
    const first = await admin.get<Application[]>('/applications?per_page=1');
    expect(first.body.map(({ id }) => id)).toEqual([second]);
    expect(first.headers.get('x-total-count')).toBe('2');
    expect(first.headers.get('link')).toContain('rel="next"');
    expect(await ids(admin, 'per_page=1&page=2')).toEqual([applicationId]);
    expect(await ids(admin, 'per_page=1&page=3')).toEqual([]);
  });
});

async function aPipeline() {
  const { admin } = await aTeam(app);
  const jobId = await aJob(admin);
  const screen = await aStage(admin, jobId, 'Screen');
  const offer = await aStage(admin, jobId, 'Offer');
  const candidateId = await aCandidate(admin);
  const applicationId = await anApplication(admin, candidateId, jobId);
  return { admin, jobId, screen, offer, candidateId, applicationId };
}

const ids = async (person: Person, query: string): Promise<string[]> =>
  (await person.get<Application[]>(`/applications?${query}`)).body.map(({ id }) => id);
