import { type RunningApp, startApp } from '../support/app.js';
import { aColleague, aTeam, type Person } from '../support/people.js';
import { aJob, aStage } from '../support/fixtures.js';

interface Stage {
  id: string;
  job_id: string;
  name: string;
  priority: number;
  items: { id: string; display_name: string; package: unknown; deleted_at: string | null }[];
  application_count: number;
  created_at: string;
  deleted_at: string | null;
}

let app: RunningApp;
beforeAll(async () => {
  app = await startApp();
});
afterAll(() => app.close());

describe('the stages of a job', () => {
  it('end with the one that "Add new stage" adds [R-42]', async () => {
    const { admin, jobId } = await aPlan('Screen', 'Interview');
    const added = await admin.post<Stage>(`/jobs/${jobId}/stages`, { name: '  Background check ' });
    expect(added.status).toBe(201);
    expect(added.body).toEqual({
      id: expect.any(String) as string,
      job_id: jobId,
      name: 'Background check',
      priority: 3,
      items: [],
      application_count: 0,
      created_at: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/) as string,
      updated_at: added.body.created_at,
      deleted_at: null,
    });
    expect(await order(admin, jobId)).toBe('1 Screen, 2 Interview, 3 Background check');
  });

  it('have the same plan tab for a draft job and an open one [R-40]', async () => {
    const { admin } = await aTeam(app);
    for (const status of ['draft', 'open']) {
      const jobId = await aJob(admin, { status });
      expect((await admin.get(`/jobs/${jobId}/stages`)).body).toEqual([]);
      await aStage(admin, jobId, 'Screen');
      expect(await order(admin, jobId)).toBe('1 Screen');
    }
  });

  it('shift when one is inserted or moved', async () => {
    const { admin, jobId, stages } = await aPlan('A', 'B', 'C');
    await admin.post(`/jobs/${jobId}/stages`, { name: 'N', priority: 2 });
    expect(await order(admin, jobId)).toBe('1 A, 2 N, 3 B, 4 C');
    const moved = await admin.patch<Stage>(`/job_stages/${stages.C}`, { priority: 1, name: 'First' });
    expect(moved).toMatchObject({ status: 200, body: { name: 'First', priority: 1 } });
    expect(await order(admin, jobId)).toBe('1 First, 2 A, 3 N, 4 B');
    expect((await admin.patch<Stage>(`/job_stages/${stages.A}`, { priority: 50 })).body.priority).toBe(4);
  });

  it('are all created when several people add some at the same time', async () => {
    const { admin, jobId } = await aPlan();
    const names = Array.from({ length: 12 }, (_, i) => `S${i}`);
    const answers = await Promise.all(names.map((name) => admin.post(`/jobs/${jobId}/stages`, { name, priority: 1 })));
    expect(answers.map(({ status }) => status)).toEqual(names.map(() => 201));
    const { body } = await admin.get<Stage[]>(`/jobs/${jobId}/stages`);
    expect(body.map(({ priority }) => priority)).toEqual(names.map((_, index) => index + 1));
    expect(body.map(({ name }) => name).sort()).toEqual(names.sort());
  });

  it.each([
    [{}, 'name'],
    [{ name: '   ' }, 'name'],
    [{ name: 7 }, 'name'],
    [{ name: 'a\u0000b' }, 'name'],
    [{ name: 'A', priority: 0 }, 'priority'],
    [{ name: 'A', priority: 1.5 }, 'priority'],
    [{ name: 'A', priority: null }, 'priority'],
    [{ name: 'A', colour: 'red' }, 'colour'],
  ])('refuse %j with the name of its field', async (body, field) => {
    const { admin, jobId } = await aPlan();
    const answer = await admin.post<{ errors: { json: object } }>(`/jobs/${jobId}/stages`, body);
    expect(answer.status).toBe(422);
    expect(Object.keys(answer.body.errors.json)).toEqual([field]);
  });

  it('are hidden after deletion, except with include_deleted', async () => {
    const { admin, jobId, stages } = await aPlan('A', 'B');
    await admin.post(`/job_stages/${stages.A}/items`, { type: 'interview', name: 'Call' });
    await admin.delete(`/job_stages/${stages.A}`);
    for (const answer of [
      await admin.patch(`/job_stages/${stages.A}`, { name: 'X' }),
      await admin.delete(`/job_stages/${stages.A}`),
      await admin.post(`/job_stages/${stages.A}/items`, { type: 'interview', name: 'X' }),
    ]) {
      expect(answer.status).toBe(404);
    }
    const { body } = await admin.get<Stage[]>(`/jobs/${jobId}/stages?include_deleted=true`);
    expect(body.map(({ name, deleted_at }) => [name, deleted_at !== null])).toEqual([
      ['B', false],
      ['A', true],
    ]);
    expect(body[1]?.items[0]).toMatchObject({ display_name: 'Call', deleted_at: body[1]?.deleted_at });
  });

  it('have interviews that can be renamed and removed', async () => {
    const { admin, jobId, stages } = await aPlan('A');
    const types = await admin.get('/activity_types');
    expect(types.body).toContainEqual({ type: 'interview', label: 'Interview' });
    const added = await admin.post<{ id: string }>(`/job_stages/${stages.A}/items`, {
      type: 'interview',
      name: 'Call',
    });
    expect(added).toMatchObject({
      status: 201,
      body: { stage_id: stages.A, type: 'interview', display_name: 'Call', package: null, deleted_at: null },
    });
    const path = `/job_stage_items/${added.body.id}`;
    expect((await admin.patch(path, { name: 'Visit' })).body).toMatchObject({ display_name: 'Visit' });
    expect((await admin.patch(path, { package_id: 'x' })).status).toBe(422);
    expect((await admin.patch(path, {})).status).toBe(422);
    expect((await admin.delete(path)).status).toBe(204);
    expect((await admin.delete(path)).status).toBe(404);
    expect((await admin.get<Stage[]>(`/jobs/${jobId}/stages`)).body[0]?.items).toEqual([]);
  });

  it('are recorded in the audit log', async () => {
    const { admin, stages } = await aPlan('A');
    await admin.patch(`/job_stages/${stages.A}`, { name: 'B' });
    await admin.delete(`/job_stages/${stages.A}`);
    const log = await admin.get<{ action: string; from: object; to: object }[]>(`/audit_log?entity_id=${stages.A}`);
    expect(log.body.map(({ action }) => action)).toEqual(['stage.delete', 'stage.update', 'stage.create']);
    expect(log.body[1]).toMatchObject({ from: { name: 'A' }, to: { name: 'B' } });
  });
});

describe('editing a plan', () => {
  it('is 404 for a user who does not see the job, and 403 for one who only sees it', async () => {
    const { admin, jobId, stages } = await aPlan('A');
    const item = { type: 'interview', name: 'Call' };
    const { body } = await admin.post<{ id: string }>(`/job_stages/${stages.A}/items`, item);
    const person = await aColleague(admin, 'limited');
    expect(await editing(person, jobId, stages.A ?? '', body.id)).toEqual([404, 404, 404, 404, 404, 404]);
    expect((await person.get(`/jobs/${jobId}/stages`)).status).toBe(404);
    await admin.put(`/jobs/${jobId}/permissions`, [{ user_id: person.id, permissions: ['send_checks'] }]);
    expect(await editing(person, jobId, stages.A ?? '', body.id)).toEqual([403, 403, 403, 403, 403, 403]);
    expect((await person.get(`/jobs/${jobId}/stages`)).status).toBe(200);
    await admin.put(`/jobs/${jobId}/permissions`, [{ user_id: person.id, permissions: ['manage'] }]);
    expect(await editing(person, jobId, stages.A ?? '', body.id)).toEqual([422, 422, 422, 422, 204, 204]);
  });

  it('is 404 for another team', async () => {
    const { jobId, stages } = await aPlan('A');
    const { admin: stranger } = await aTeam(app);
    expect((await stranger.get(`/jobs/${jobId}/stages`)).status).toBe(404);
    expect((await stranger.patch(`/job_stages/${stages.A}`, { name: 'X' })).status).toBe(404);
    for (const id of ['nonsense', '0', '01890a5d-ac96-774b-bcce-b302099a8057']) {
      expect((await stranger.patch(`/job_stages/${id}`, { name: 'X' })).status).toBe(404);
      expect((await stranger.delete(`/job_stage_items/${id}`)).status).toBe(404);
    }
  });
});

/** The bodies are invalid on purpose: 404 and 403 come before they are validated. */
async function editing(person: Person, jobId: string, stageId: string, itemId: string): Promise<number[]> {
  const answers = [
    await person.post(`/jobs/${jobId}/stages`, {}),
    await person.patch(`/job_stages/${stageId}`, { colour: 'red' }),
    await person.post(`/job_stages/${stageId}/items`, {}),
    await person.patch(`/job_stage_items/${itemId}`, { colour: 'red' }),
    await person.delete(`/job_stage_items/${itemId}`),
    await person.delete(`/job_stages/${stageId}`),
  ];
  return answers.map(({ status }) => status);
}

async function aPlan(...names: string[]): Promise<{ admin: Person; jobId: string; stages: Record<string, string> }> {
  const { admin } = await aTeam(app);
  const jobId = await aJob(admin);
  const stages: Record<string, string> = {};
  for (const name of names) stages[name] = await aStage(admin, jobId, name);
  return { admin, jobId, stages };
}

async function order(person: Person, jobId: string): Promise<string> {
  const { body } = await person.get<Stage[]>(`/jobs/${jobId}/stages`);
  return body.map(({ priority, name }) => `${priority} ${name}`).join(', ');
}
