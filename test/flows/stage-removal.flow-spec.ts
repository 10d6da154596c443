import pg from 'pg';
import { type RunningApp, startApp } from '../support/app.js';
import { eventually } from '../support/eventually.js';
import { aTeam, type Person } from '../support/people.js';
import { aCandidate, aJob, anApplication, aStage } from '../support/fixtures.js';
import { waitingStatements } from '../support/waiting-statements.js';

let app: RunningApp;
let database: pg.Client;
beforeAll(async () => {
  app = await startApp();
  database = new pg.Client({ connectionString: app.databaseUrl });
  await database.connect();
});
afterAll(async () => {
  await database?.end();
  await app?.close();
});

describe('removing a stage', () => {
  it('is refused with active applications, and possible with closed ones [R-48]', async () => {
    const { admin, jobId, stages, applicationId } = await aPlan('Screen', 'Offer');
    expect(await counts(admin, jobId)).toEqual([1, 0]);
    const refused = await admin.delete(`/job_stages/${stages.Screen}`);
    expect(refused).toMatchObject({ status: 409, body: { reason: 'stage_in_use' } });
    await admin.patch(`/applications/${applicationId}`, { status: 'rejected' });
    expect(await counts(admin, jobId)).toEqual([0, 0]);
    expect((await admin.delete(`/job_stages/${stages.Screen}`)).status).toBe(204);
    expect(await stageNames(admin, jobId)).toEqual(['Offer']);
    expect((await admin.get(`/applications/${applicationId}`)).body).toMatchObject({ current_stage: null });
    const back = await admin.patch(`/applications/${applicationId}`, { status: 'active' });
    expect(back.body).toMatchObject({ status: 'active', current_stage: { id: stages.Offer, name: 'Offer' } });
  });

  it('at the same time as a placement leaves the stage empty, or leaves it in place [R-48]', async () => {
    const { admin, stages, applicationId } = await aPlan('Screen', 'A', 'B', 'C', 'D', 'E');
    for (const name of ['A', 'B', 'C', 'D', 'E']) {
      const [placed, deleted] = await Promise.all([
        admin.patch(`/applications/${applicationId}`, { stage_id: stages[name] }),
        admin.delete(`/job_stages/${stages[name]}`),
      ]);
      expect([`${placed.status} ${deleted.status}`]).toEqual([expect.stringMatching(/^(200 409|422 204)$/)]);
    }
  });

  it('waits for a placement in progress, and is refused [R-48]', async () => {
    const { admin, stages, applicationId } = await aPlan('Screen', 'Offer');
    await database.query('begin');
    await database.query('select 1 from interview_planning.stage where id = $1 for share', [stages.Offer]);
    await database.query('update interview_planning.placement set stage_id = $1 where application_id = $2', [
      stages.Offer,
      applicationId,
    ]);
    const removing = admin.delete(`/job_stages/${stages.Offer}`);
    await someoneWaits();
    await database.query('commit');
    expect(await removing).toMatchObject({ status: 409, body: { reason: 'stage_in_use' } });
  });

  it('makes a placement wait, which then finds no such stage', async () => {
    const { admin, stages, applicationId } = await aPlan('Screen', 'Offer');
    await database.query('begin');
    await remove(stages.Offer);
    const placing = admin.patch(`/applications/${applicationId}`, { stage_id: stages.Offer });
    await someoneWaits();
    await database.query('commit');
    expect(await placing).toMatchObject({ status: 422, body: { reason: 'unknown_reference' } });
    expect((await admin.get(`/applications/${applicationId}`)).body).toMatchObject({
      current_stage: { name: 'Screen' },
    });
  });

  it('makes a reopening wait, which then starts at the first stage', async () => {
    const { admin, stages, applicationId } = await aPlan('Screen', 'Offer');
    await admin.patch(`/applications/${applicationId}`, { stage_id: stages.Offer });
    await admin.patch(`/applications/${applicationId}`, { status: 'rejected' });
    await database.query('begin');
    await remove(stages.Offer);
    const reopening = admin.patch(`/applications/${applicationId}`, { status: 'active' });
    await someoneWaits();
    await database.query('commit');
    expect(await reopening).toMatchObject({ status: 200, body: { current_stage: { name: 'Screen' } } });
  });
});

const remove = (stageId: string | undefined) =>
  database.query('update interview_planning.stage set deleted_at = now() where id = $1', [stageId]);

const someoneWaits = (): Promise<unknown> =>
  eventually(
    'a request waits for the lock',
    () => waitingStatements(database, 'interview_planning.stage'),
    (waiting) => waiting === 1,
  );

async function aPlan(...names: string[]) {
  const { admin } = await aTeam(app);
  const jobId = await aJob(admin);
  const stages: Record<string, string> = {};
  for (const name of names) stages[name] = await aStage(admin, jobId, name);
  const applicationId = await anApplication(admin, await aCandidate(admin), jobId);
  return { admin, jobId, stages, applicationId };
}

const counts = async (person: Person, jobId: string): Promise<number[]> =>
  (await person.get<{ application_count: number }[]>(`/jobs/${jobId}/stages`)).body.map(
    (stage) => stage.application_count,
  );

const stageNames = async (person: Person, jobId: string): Promise<string[]> =>
  (await person.get<{ name: string }[]>(`/jobs/${jobId}/stages`)).body.map(({ name }) => name);
