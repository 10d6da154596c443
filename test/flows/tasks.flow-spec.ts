import { randomUUID } from 'node:crypto';
import { type RunningApp, startApp } from '../support/app.js';
import { aCandidate, aJob, anApplication, aStage } from '../support/fixtures.js';
import { type Answer, aColleague, aTeam, type Person } from '../support/people.js';

interface Named {
  id: string;
  name: string;
}
interface Item {
  id: string;
  type: string;
  display_name: string;
  package: null;
  configuration: { title: string; assignee: Named | null } | null;
}
interface Task {
  job_stage_item_id: string;
  title: string;
  assignee: Named | null;
  done: boolean;
  done_by: Named | null;
  done_at: string | null;
  can_change: boolean;
  cannot_change_reason: string | null;
}

let app: RunningApp;
beforeAll(async () => {
  app = await startApp();
});
afterAll(async () => {
  await app?.close();
});

describe('A task of an interview plan', () => {
  it('is offered among the activities', async () => {
    const { admin } = await aTeam(app);
    expect((await admin.get('/activity_types')).body).toContainEqual({ type: 'task', label: 'Task' });
  });

  it('is added with a title and an assignee, who is shown by name', async () => {
    const { admin, jobId, stageId } = await aPlan();
    const colleague = await aColleague(admin, 'standard');
    const added = await addTask(admin, stageId, { title: ' Call the reference ', assignee_id: colleague.id });
    const assignee = { id: colleague.id, name: await nameOf(admin, colleague.id) };
    expect(added).toMatchObject({
      status: 201,
      body: {
        stage_id: stageId,
        type: 'task',
        display_name: 'Call the reference',
        package: null,
        configuration: { title: 'Call the reference', assignee },
      },
    });
    expect(await itemsOf(admin, jobId)).toEqual([added.body]);
  });

  it.each([
    [{}, 'title'],
    [{ title: '' }, 'title'],
    [{ title: '   ' }, 'title'],
    [{ title: 7 }, 'title'],
    [{ title: 'x'.repeat(121) }, 'title'],
    [{ title: 'two\nlines' }, 'title'],
    [{ title: 'a\u0000b' }, 'title'],
    [{ title: 'A', assignee_id: 7 }, 'assignee_id'],
    [{ title: 'A', assignee_id: 'nonsense' }, 'assignee_id'],
    [{ title: 'A', assignee_id: randomUUID() }, 'assignee_id'],
    [{ title: 'A', name: 'A' }, 'name'],
    [{ title: 'A', package_id: 'x' }, 'package_id'],
    [{ type: 'quiz', title: 'A' }, 'type'],
    [{ type: 'constructor' }, 'type'],
    [{ type: null }, 'type'],
  ])('is refused for %j with the name of the field', async (fields, field) => {
    const { admin, stageId } = await aPlan();
    const refused = await addTask(admin, stageId, fields);
    expect([refused.status, fieldsNamed(refused)]).toEqual([422, [field]]);
  });

  it('has a title of up to 120 characters', async () => {
    const { admin, stageId } = await aPlan();
    expect((await addTask(admin, stageId, { title: 'x'.repeat(120) })).status).toBe(201);
  });

  it('is not assigned to a user of another team, a disabled one, or one who does not see the job', async () => {
    const { admin, stageId } = await aPlan();
    const { admin: stranger } = await aTeam(app);
    const disabled = await aColleague(admin, 'admin');
    await admin.patch(`/users/${disabled.id}`, { disabled: true });
    const blind = await aColleague(admin, 'limited');
    for (const [assignee, reason] of [
      [stranger, 'unknown_reference'],
      [disabled, 'assignee_unavailable'],
      [blind, 'assignee_unavailable'],
    ] as const) {
      const refused = await addTask(admin, stageId, { title: 'A', assignee_id: assignee.id });
      expect(refused).toMatchObject({ status: 422, body: { reason } });
      expect(fieldsNamed(refused)).toEqual(['assignee_id']);
    }
  });

  it('changes its title and its assignee, each without the other', async () => {
    const { admin, stageId } = await aPlan();
    const { body } = await addTask(admin, stageId, { title: 'A', assignee_id: admin.id });
    const path = `/job_stage_items/${body.id}`;
    const assignee = { id: admin.id, name: await nameOf(admin, admin.id) };
    expect((await admin.patch<Item>(path, { title: 'B' })).body).toMatchObject({
      display_name: 'B',
      configuration: { title: 'B', assignee },
    });
    expect((await admin.patch<Item>(path, { assignee_id: null })).body.configuration).toEqual({
      title: 'B',
      assignee: null,
    });
    expect((await admin.patch(path, { name: 'C' })).status).toBe(422);
    expect((await admin.patch(path, { title: 'two\nlines' })).status).toBe(422);
    const log = await admin.get<{ action: string; from: object; to: object }[]>(`/audit_log?entity_id=${body.id}`);
    expect(log.body.map(({ action, from, to }) => [action, from, to])).toEqual([
      [
        'item.update',
        expect.objectContaining({ configuration: { title: 'B', assignee_id: admin.id } }),
        expect.anything(),
      ],
      ['item.update', expect.objectContaining({ name: 'A' }), expect.objectContaining({ name: 'B' })],
      ['item.create', {}, expect.objectContaining({ type: 'task', name: 'A' })],
    ]);
  });

  it('shows an erased assignee as "Former user"', async () => {
    const { admin, jobId, stageId } = await aPlan();
    const colleague = await aColleague(admin, 'standard');
    await addTask(admin, stageId, { title: 'A', assignee_id: colleague.id });
    expect((await admin.post(`/users/${colleague.id}/erase`)).status).toBeLessThan(300);
    const [item] = await itemsOf(admin, jobId);
    expect(item?.configuration?.assignee).toEqual({ id: colleague.id, name: 'Former user' });
  });

  it('is an activity of the application’s plan that sends nothing', async () => {
    const { admin, applicationId, itemId } = await aTask();
    const plan = await admin.get<{ items: object[] }[]>(`/applications/${applicationId}/interview_plan`);
    expect(plan.body[0]?.items).toMatchObject([
      { id: itemId, type: 'task', display_name: 'Call the reference', package: null, can_send: false },
    ]);
    const sent = await admin.post(`/applications/${applicationId}/background_checks`, { job_stage_item_id: itemId });
    expect(sent.body.reason).toBe('unknown_reference');
  });
});

describe('A task of an application', () => {
  it('is done, with who did it and when, and is undone', async () => {
    const { admin, applicationId, itemId } = await aTask();
    expect(await tasksOf(admin, applicationId)).toEqual([
      {
        job_stage_item_id: itemId,
        title: 'Call the reference',
        assignee: null,
        ...{ done: false, done_by: null, done_at: null, can_change: true, cannot_change_reason: null },
      },
    ]);
    const done = await mark(admin, applicationId, itemId, true);
    expect(done).toMatchObject({ status: 200, body: { done: true, done_by: { id: admin.id } } });
    expect(new Date(done.body.done_at ?? '').getTime()).toBeGreaterThan(Date.now() - 60_000);
    expect(await tasksOf(admin, applicationId)).toEqual([done.body]);
    const undone = await mark(admin, applicationId, itemId, false);
    expect(undone.body).toMatchObject({ done: false, done_by: null, done_at: null });
    expect(await tasksOf(admin, applicationId)).toEqual([undone.body]);
  });

  it('keeps who was first when it is done again, and each change is audited once', async () => {
    const { admin, applicationId, itemId } = await aTask();
    const colleague = await aColleague(admin, 'standard');
    const first = await mark(admin, applicationId, itemId, true);
    expect((await mark(colleague, applicationId, itemId, true)).body).toEqual(first.body);
    await mark(admin, applicationId, itemId, false);
    expect((await mark(admin, applicationId, itemId, false)).status).toBe(200);
    const log = await admin.get<{ action: string; from: object; to: object }[]>(
      `/audit_log?action=task.update&entity_id=${applicationId}`,
    );
    expect(log.body.map(({ from, to }) => [from, to])).toEqual([
      [
        { job_stage_item_id: itemId, done: true },
        { job_stage_item_id: itemId, done: false },
      ],
      [
        { job_stage_item_id: itemId, done: false },
        { job_stage_item_id: itemId, done: true },
      ],
    ]);
  });

  it('is done once when several people do it at the same time', async () => {
    const { admin, applicationId, itemId } = await aTask();
    const answers = await Promise.all(Array.from({ length: 8 }, () => mark(admin, applicationId, itemId, true)));
    expect(new Set(answers.map(({ status, body }) => `${status} ${body.done_at}`)).size).toBe(1);
    const log = await admin.get<object[]>(`/audit_log?action=task.update&entity_id=${applicationId}`);
    expect(log.body).toHaveLength(1);
  });

  it('can be done in the current stage and in earlier ones, and not before its stage is reached', async () => {
    const { admin, jobId, applicationId, itemId } = await aTask();
    const later = await aStage(admin, jobId, 'Offer');
    const { body: next } = await addTask(admin, later, { title: 'Send the contract' });
    const reachable = async () =>
      (await tasksOf(admin, applicationId)).map((task) => [task.title, task.can_change, task.cannot_change_reason]);
    expect(await reachable()).toEqual([
      ['Call the reference', true, null],
      ['Send the contract', false, 'stage_not_reached'],
    ]);
    const refused = await mark(admin, applicationId, next.id, true);
    expect(refused).toMatchObject({ status: 409, body: { reason: 'stage_not_reached' } });
    await admin.patch(`/applications/${applicationId}`, { stage_id: later });
    expect(await reachable()).toEqual([
      ['Call the reference', true, null],
      ['Send the contract', true, null],
    ]);
    expect((await mark(admin, applicationId, itemId, true)).status).toBe(200);
    expect((await mark(admin, applicationId, next.id, true)).status).toBe(200);
  });

  it('does not change once the application is closed', async () => {
    const { admin, applicationId, itemId } = await aTask();
    await mark(admin, applicationId, itemId, true);
    await admin.patch(`/applications/${applicationId}`, { status: 'rejected' });
    const refused = await mark(admin, applicationId, itemId, false);
    expect(refused).toMatchObject({ status: 409, body: { reason: 'application_not_active' } });
    expect(await tasksOf(admin, applicationId)).toMatchObject([
      { done: true, can_change: false, cannot_change_reason: 'application_not_active' },
    ]);
  });

  it('changes for those who may change the application, and for its assignee', async () => {
    const { admin, jobId, applicationId, itemId } = await aTask();
    const viewer = await aColleague(admin, 'limited');
    expect((await mark(viewer, applicationId, itemId, true)).status).toBe(404);
    await admin.put(`/jobs/${jobId}/permissions`, [{ user_id: viewer.id, permissions: ['send_checks'] }]);
    expect(await mark(viewer, applicationId, itemId, true)).toMatchObject({
      status: 403,
      body: { reason: 'not_allowed' },
    });
    expect(await tasksOf(viewer, applicationId)).toMatchObject([
      { can_change: false, cannot_change_reason: 'not_allowed' },
    ]);
    const refusals = await admin.get<object[]>(`/audit_log?action=task.update&entity_id=${applicationId}`);
    expect(refusals.body).toMatchObject([{ outcome: 'refused', actor: { id: viewer.id } }]);
    await admin.patch(`/job_stage_items/${itemId}`, { assignee_id: viewer.id });
    expect(await tasksOf(viewer, applicationId)).toMatchObject([{ can_change: true }]);
    expect((await mark(viewer, applicationId, itemId, true)).body).toMatchObject({ done_by: { id: viewer.id } });
  });

  it('is 404 for another team, for another job’s application, for another activity and once it is removed', async () => {
    const { admin, jobId, stageId, applicationId, itemId } = await aTask();
    const { admin: stranger } = await aTeam(app);
    const theirs = await aTask();
    const elsewhere = await anApplication(admin, await aCandidate(admin), await aJob(admin));
    const interview = await admin.post<Item>(`/job_stages/${stageId}/items`, { type: 'interview', name: 'Talk' });
    expect(jobId).not.toBe('');
    const answers = [
      await mark(stranger, applicationId, itemId, true),
      await mark(admin, theirs.applicationId, theirs.itemId, true),
      await mark(admin, applicationId, theirs.itemId, true),
      await mark(admin, elsewhere, itemId, true),
      await mark(admin, applicationId, interview.body.id, true),
      await mark(admin, applicationId, 'nonsense', true),
      await stranger.get(`/applications/${applicationId}/tasks`),
    ];
    expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 404));
    await admin.delete(`/job_stage_items/${itemId}`);
    expect((await mark(admin, applicationId, itemId, true)).status).toBe(404);
    expect(await tasksOf(admin, applicationId)).toEqual([]);
  });

  it.each([[{}], [{ done: 'yes' }], [{ done: null }], [{ done: true, by: 'me' }]])('refuses %j', async (body) => {
    const { admin, applicationId, itemId } = await aTask();
    expect((await admin.put(`/applications/${applicationId}/tasks/${itemId}`, body)).status).toBe(422);
  });
});

async function aPlan(): Promise<{ admin: Person; jobId: string; stageId: string }> {
  const { admin } = await aTeam(app);
  const jobId = await aJob(admin);
  return { admin, jobId, stageId: await aStage(admin, jobId, 'References') };
}

/** A task in the stage that an active application is in. */
async function aTask() {
  const plan = await aPlan();
  const { body } = await addTask(plan.admin, plan.stageId, { title: 'Call the reference' });
  const applicationId = await anApplication(plan.admin, await aCandidate(plan.admin), plan.jobId);
  return { ...plan, applicationId, itemId: body.id };
}

const addTask = (person: Person, stageId: string, fields: object): Promise<Answer<Item>> =>
  person.post<Item>(`/job_stages/${stageId}/items`, { type: 'task', ...fields });

const mark = (person: Person, applicationId: string, itemId: string, done: boolean): Promise<Answer<Task>> =>
  person.put<Task>(`/applications/${applicationId}/tasks/${itemId}`, { done });

const tasksOf = async (person: Person, applicationId: string): Promise<Task[]> =>
  (await person.get<Task[]>(`/applications/${applicationId}/tasks`)).body;

const itemsOf = async (admin: Person, jobId: string): Promise<Item[]> =>
  (await admin.get<{ items: Item[] }[]>(`/jobs/${jobId}/stages`)).body[0]?.items ?? [];

const nameOf = async (admin: Person, id: string): Promise<string> =>
  (await admin.get<{ name: string }>(`/users/${id}`)).body.name;

const fieldsNamed = ({ body }: Answer<unknown>): string[] =>
  Object.keys((body as { errors: { json?: object } }).errors.json ?? {});
