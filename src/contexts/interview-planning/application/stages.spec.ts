import { World } from '../../../../test/fakes/interview-planning/world.js';
import { anId } from '../../../../test/fakes/platform.js';
import { mostStages } from '../domain/limits.js';
import { AddStage } from './add-stage.js';
import { ChangeApplication } from './change-application.js';
import { ChangeStage } from './change-stage.js';
import { RemoveStage } from './remove-stage.js';

let world: World;
beforeEach(() => {
  world = new World();
});

describe('adding a stage', () => {
  const add = (name: string, priority?: number, { caller = world.recruiter, jobId = world.jobId, id = anId() } = {}) =>
    world.addStage.execute(new AddStage(caller, jobId, id, name, priority));

  it('puts it last, or where it is asked for; the others make room', async () => {
    await add('A');
    await add('B');
    await add('C', 1);
    await add('D', 2);
    await add('E', 99);
    expect(world.stageNames()).toEqual(['C', 'D', 'A', 'B', 'E']);
  });

  it('is audited with its place', async () => {
    await add('A');
    const id = anId();
    world.forgetAudit();
    await add('B', 1, { id });
    const to = { job_id: world.jobId, name: 'B', priority: 1 };
    expect(world.audited).toEqual([{ action: 'stage.create', entityId: id, to }]);
  });

  it('is refused without the right, and stores nothing', async () => {
    for (const [caller, reason] of world.strangers)
      await expect(add('A', 1, { caller })).rejects.toMatchObject({ reason });
    expect([world.stageNames(), world.audited]).toEqual([[], []]);
    await add('A', 1, { caller: world.caller('limited', [[world.jobId, ['manage']]]) });
    expect(world.stageNames()).toEqual(['A']);
  });

  it('is refused for an unknown job', async () => {
    await expect(add('A', 1, { jobId: anId() })).rejects.toMatchObject({ reason: 'not_found' });
  });

  it('is refused beyond the limit of a plan', async () => {
    for (let nth = 0; nth < mostStages; nth += 1) await add(`Stage ${nth}`);
    world.forgetAudit();
    await expect(add('One more')).rejects.toMatchObject({ reason: 'too_many_stages' });
    expect([world.stageNames().length, world.audited]).toEqual([mostStages, []]);
  });

  it('keeps every stage when several people add one at the same time', async () => {
    await Promise.all(['A', 'B', 'C', 'D'].map((name) => add(name, 1)));
    expect(world.stageNames().toSorted()).toEqual(['A', 'B', 'C', 'D']);
  });

  it('has one effect when its unit of work runs twice', async () => {
    world.unitOfWork.collides = true;
    await add('A');
    expect([world.stageNames(), world.audited.length]).toEqual([['A'], 1]);
  });
});

describe('changing a stage', () => {
  const change = (
    id: Parameters<typeof world.plans.jobOfStage>[1],
    name?: string,
    priority?: number,
    caller = world.recruiter,
  ) => world.changeStage.execute(new ChangeStage(caller, id, name, priority));

  it('renames it and moves it, and audits both', async () => {
    const [, , last] = [await world.aStage('A'), await world.aStage('B'), await world.aStage('C')];
    world.forgetAudit();
    await change(last, 'Z', 1);
    expect(world.stageNames()).toEqual(['Z', 'A', 'B']);
    expect(world.audited).toEqual([
      { action: 'stage.update', entityId: last, from: { name: 'C', priority: 3 }, to: { name: 'Z', priority: 1 } },
    ]);
    await change(last, undefined, 99);
    expect(world.stageNames()).toEqual(['A', 'B', 'Z']);
  });

  it('is refused without the right, for a removed one, and for an unknown one', async () => {
    const id = await world.aStage('A');
    for (const [caller, reason] of world.strangers)
      await expect(change(id, 'Z', undefined, caller)).rejects.toMatchObject({ reason });
    await world.removeStage.execute(new RemoveStage(world.recruiter, id));
    await expect(change(id, 'Z')).rejects.toMatchObject({ reason: 'not_found' });
    await expect(change(anId(), 'Z')).rejects.toMatchObject({ reason: 'not_found' });
  });
});

describe('removing a stage', () => {
  const remove = (id: Parameters<typeof world.plans.jobOfStage>[1], caller = world.recruiter) =>
    world.removeStage.execute(new RemoveStage(caller, id));

  it('removes its activities, and the others close up', async () => {
    const [first] = [await world.aStage('A'), await world.aStage('B')];
    const item = await world.anItem(first, { type: 'interview', name: 'Call' });
    world.forgetAudit();
    await remove(first);
    expect(world.plans.stagesOf(world.teamId, world.jobId)).toMatchObject([{ name: 'B', priority: 1 }]);
    expect(await world.plans.locateItem(world.teamId, item)).toBeNull();
    expect(world.audited).toEqual([{ action: 'stage.delete', entityId: first, from: { name: 'A', priority: 1 } }]);
  });

  it.each([
    [1, /An active application is/],
    [2, /2 active applications are/],
  ])('is refused while %i active applications are in it', async (count, sentence) => {
    const stage = await world.aStage('A');
    for (let nth = 0; nth < count; nth += 1) await world.anApplication(stage);
    world.forgetAudit();
    await expect(remove(stage)).rejects.toMatchObject({
      reason: 'stage_in_use',
      message: expect.stringMatching(sentence) as string,
    });
    expect([world.stageNames(), world.audited]).toEqual([['A'], []]);
  });

  it('takes closed applications out of it', async () => {
    const stage = await world.aStage('A');
    const application = await world.anApplication(stage);
    await world.changeApplication.execute(new ChangeApplication(world.recruiter, application, 'rejected'));
    await remove(stage);
    expect(world.stageOf(application)).toBeNull();
  });

  it('is refused without the right', async () => {
    const stage = await world.aStage('A');
    for (const [caller, reason] of world.strangers)
      await expect(remove(stage, caller)).rejects.toMatchObject({ reason });
    await expect(remove(anId())).rejects.toMatchObject({ reason: 'not_found' });
    expect(world.stageNames()).toEqual(['A']);
  });

  it('while an application is put into it: one of the two happens', async () => {
    for (let round = 0; round < 5; round += 1) {
      const stage = await world.aStage('A');
      const outcomes = await Promise.allSettled([world.anApplication(stage), remove(stage)]);
      const reasons = outcomes.map((one) =>
        one.status === 'rejected' ? (one.reason as { reason: string }).reason : 'done',
      );
      expect([
        ['done', 'stage_in_use'],
        ['unknown_reference', 'done'],
      ]).toContainEqual(reasons);
    }
  });
});
