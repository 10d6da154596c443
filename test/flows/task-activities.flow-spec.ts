import { randomUUID } from 'node:crypto';
import { type RunningApp, startApp } from '../support/app.js';
import { aColleague, aTeam } from '../support/people.js';
import { addTask, aPlan, aPlannedTask, fieldsNamed, type Item, itemsOf, nameOf, tasksOf } from '../support/tasks.js';
import { testDatabaseClient } from '../support/test-database-client.js';

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
    const { admin, jobId, stageId } = await aPlan(app);
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
    const { admin, stageId } = await aPlan(app);
    const refused = await addTask(admin, stageId, fields);
    expect([refused.status, fieldsNamed(refused)]).toEqual([422, [field]]);
  });

  it('has a title of up to 120 characters', async () => {
    const { admin, stageId } = await aPlan(app);
    expect((await addTask(admin, stageId, { title: 'x'.repeat(120) })).status).toBe(201);
  });

  it('is not assigned to a user of another team, a disabled one, or one who does not see the job', async () => {
    const { admin, stageId } = await aPlan(app);
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
    const { admin, stageId } = await aPlan(app);
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
    const { admin, jobId, stageId } = await aPlan(app);
    const colleague = await aColleague(admin, 'standard');
    await addTask(admin, stageId, { title: 'A', assignee_id: colleague.id });
    expect((await admin.post(`/users/${colleague.id}/erase`)).status).toBeLessThan(300);
    const [item] = await itemsOf(admin, jobId);
    expect(item?.configuration?.assignee).toEqual({ id: colleague.id, name: 'Former user' });
  });

  it('is an activity of the application’s plan that sends nothing', async () => {
    const { admin, applicationId, itemId } = await aPlannedTask(app);
    const plan = await admin.get<{ items: object[] }[]>(`/applications/${applicationId}/interview_plan`);
    expect(plan.body[0]?.items).toMatchObject([
      { id: itemId, type: 'task', display_name: 'Call the reference', package: null, can_send: false },
    ]);
    const sent = await admin.post(`/applications/${applicationId}/background_checks`, { job_stage_item_id: itemId });
    expect(sent.body.reason).toBe('unknown_reference');
  });
});

describe('An activity of a kind that only a later version knows', () => {
  it('is shown by its name, changes nowhere and can be removed', async () => {
    const { admin, jobId, applicationId, itemId } = await aPlannedTask(app);
    await testDatabaseClient(app.databaseUrl, (client) =>
      client.query(
        `update interview_planning.item set type = 'quiz', configuration = '{"questions": 3}' where id = $1`,
        [itemId],
      ),
    );
    const shown = { id: itemId, type: 'quiz', display_name: 'Call the reference', package: null };
    expect(await itemsOf(admin, jobId)).toMatchObject([{ ...shown, configuration: null }]);
    const plan = await admin.get<{ items: object[] }[]>(`/applications/${applicationId}/interview_plan`);
    expect(plan.body[0]?.items).toMatchObject([{ ...shown, can_send: false, background_checks: [] }]);
    const sent = await admin.post(`/applications/${applicationId}/background_checks`, { job_stage_item_id: itemId });
    expect(sent.body.reason).toBe('unknown_reference');
    expect(await tasksOf(admin, applicationId)).toEqual([]);
    const path = `/job_stage_items/${itemId}`;
    expect(await admin.patch(path, { title: 'B' })).toMatchObject({
      status: 409,
      body: { reason: 'unknown_activity' },
    });
    expect((await admin.delete(path)).status).toBe(204);
  });
});
