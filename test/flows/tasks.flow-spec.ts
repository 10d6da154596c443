import { type RunningApp, startApp } from '../support/app.js';
import { aCandidate, aJob, anApplication, aStage } from '../support/fixtures.js';
import { aColleague, aTeam } from '../support/people.js';
import { addTask, aPlannedTask, type Item, mark, tasksOf } from '../support/tasks.js';

let app: RunningApp;
beforeAll(async () => {
  app = await startApp();
});
afterAll(async () => {
  await app?.close();
});

describe('A task of an application', () => {
  it('is done, with who did it and when, and is undone', async () => {
    const { admin, applicationId, itemId } = await aPlannedTask(app);
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
    const { admin, applicationId, itemId } = await aPlannedTask(app);
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
    const { admin, applicationId, itemId } = await aPlannedTask(app);
    const answers = await Promise.all(Array.from({ length: 8 }, () => mark(admin, applicationId, itemId, true)));
    expect(new Set(answers.map(({ status, body }) => `${status} ${body.done_at}`)).size).toBe(1);
    const log = await admin.get<object[]>(`/audit_log?action=task.update&entity_id=${applicationId}`);
    expect(log.body).toHaveLength(1);
  });

  it('can be done in the current stage and in earlier ones, and not before its stage is reached', async () => {
    const { admin, jobId, applicationId, itemId } = await aPlannedTask(app);
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
    const { admin, applicationId, itemId } = await aPlannedTask(app);
    await mark(admin, applicationId, itemId, true);
    await admin.patch(`/applications/${applicationId}`, { status: 'rejected' });
    const refused = await mark(admin, applicationId, itemId, false);
    expect(refused).toMatchObject({ status: 409, body: { reason: 'application_not_active' } });
    expect(await tasksOf(admin, applicationId)).toMatchObject([
      { done: true, can_change: false, cannot_change_reason: 'application_not_active' },
    ]);
  });

  it('changes for those who may change the application, and for its assignee', async () => {
    const { admin, jobId, applicationId, itemId } = await aPlannedTask(app);
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
    const { admin, stageId, applicationId, itemId } = await aPlannedTask(app);
    const { admin: stranger } = await aTeam(app);
    const theirs = await aPlannedTask(app);
    const elsewhere = await anApplication(admin, await aCandidate(admin), await aJob(admin));
    const interview = await admin.post<Item>(`/job_stages/${stageId}/items`, { type: 'interview', name: 'Talk' });
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
    const { admin, applicationId, itemId } = await aPlannedTask(app);
    expect((await admin.put(`/applications/${applicationId}/tasks/${itemId}`, body)).status).toBe(422);
  });
});
