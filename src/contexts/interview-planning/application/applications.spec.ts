import type { Id } from '#kernel/id';
import { World } from '../../../../test/fakes/interview-planning/world.js';
import { anId } from '../../../../test/fakes/platform.js';
import type { Status } from '../domain/applications.js';
import { ChangeApplication } from './change-application.js';
import { OpenApplication } from './open-application.js';
import { RemoveStage } from './remove-stage.js';

let world: World;
let first: Id;
let second: Id;
beforeEach(async () => {
  world = new World();
  [first, second] = [await world.aStage('Screening'), await world.aStage('Interview')];
  world.forgetAudit();
});

describe('opening an application', () => {
  interface Given {
    stageId?: Id | null;
    jobId?: Id;
    candidateId?: Id;
    caller?: typeof world.recruiter;
  }
  const open = async (given: Given = {}): Promise<Id> => {
    const {
      stageId = null,
      jobId = world.jobId,
      candidateId = world.hiring.aCandidate(world.teamId),
      caller = world.recruiter,
    } = given;
    const id = anId();
    await world.openApplication.execute(new OpenApplication(caller, id, candidateId, jobId, stageId));
    return id;
  };

  it('puts it into the first stage, or into the one that is named', async () => {
    const [unnamed, named] = [await open(), await open({ stageId: second })];
    expect([world.stageOf(unnamed), world.stageOf(named)]).toEqual([first, second]);
    expect(world.audited).toEqual([
      { action: 'application.move', entityId: unnamed, from: { stage_id: null }, to: { stage_id: first } },
      { action: 'application.move', entityId: named, from: { stage_id: null }, to: { stage_id: second } },
    ]);
  });

  it('puts it nowhere on a job without stages, and audits no move', async () => {
    const id = await open({ jobId: world.hiring.aJob(world.teamId) });
    expect([world.stageOf(id), world.audited, world.hiring.application(world.teamId, id)?.status]).toEqual([
      null,
      [],
      'active',
    ]);
  });

  it.each<[string, () => Promise<Given>, string]>([
    ['an unknown job', async () => ({ jobId: anId() }), 'unknown_reference'],
    [
      'a job that the caller does not see',
      async () => ({ caller: world.caller('standard', [], [world.jobId]) }),
      'unknown_reference',
    ],
    [
      'a caller who may only read',
      async () => ({ caller: world.caller('limited', [[world.jobId, ['view_results']]]) }),
      'not_allowed',
    ],
    ['an unknown candidate', async () => ({ candidateId: anId() }), 'unknown_reference'],
    [
      'a stage of another job',
      async () => ({ stageId: await world.aStage('Other', world.hiring.aJob(world.teamId)) }),
      'unknown_reference',
    ],
    [
      'a removed stage',
      async () => world.removeStage.execute(new RemoveStage(world.recruiter, second)).then(() => ({ stageId: second })),
      'unknown_reference',
    ],
  ])('is refused for %s, and stores nothing', async (_, given, reason) => {
    const options = await given();
    world.forgetAudit();
    await expect(open(options)).rejects.toMatchObject({ reason });
    expect([world.hiring.rows.all(), world.audited]).toEqual([[], []]);
  });

  it('is refused a second time for one candidate and job, and leaves the first in its stage', async () => {
    const candidateId = world.hiring.aCandidate(world.teamId);
    const id = await open({ candidateId, stageId: second });
    await expect(open({ candidateId })).rejects.toMatchObject({ reason: 'already_applied' });
    expect([world.hiring.rows.all().length, world.stageOf(id)]).toEqual([1, second]);
  });
});

describe('changing an application', () => {
  let id: Id;
  beforeEach(async () => {
    id = await world.anApplication(first);
    world.forgetAudit();
  });
  const change = (status?: Status, stageId?: Id, caller = world.recruiter, applicationId = id) =>
    world.changeApplication.execute(new ChangeApplication(caller, applicationId, status, stageId));
  const statusOf = () => world.hiring.application(world.teamId, id)?.status;

  it('moves it to another stage', async () => {
    await change(undefined, second);
    expect([world.stageOf(id), statusOf()]).toEqual([second, 'active']);
    expect(world.audited).toEqual([
      { action: 'application.move', entityId: id, from: { stage_id: first }, to: { stage_id: second } },
    ]);
  });

  it('to the stage that it is in changes nothing', async () => {
    await change(undefined, first);
    expect(world.audited).toEqual([]);
  });

  it('closes it where it is', async () => {
    await change('rejected');
    expect([world.stageOf(id), statusOf()]).toEqual([first, 'rejected']);
  });

  it('moves and closes it at once', async () => {
    await change('hired', second);
    expect([world.stageOf(id), statusOf()]).toEqual([second, 'hired']);
  });

  it('reopens it where it was, or in the first stage when its stage was removed', async () => {
    await change('rejected');
    await change('active');
    expect([world.stageOf(id), statusOf()]).toEqual([first, 'active']);
    await change('rejected', second);
    await world.removeStage.execute(new RemoveStage(world.recruiter, second));
    await change('active');
    expect([world.stageOf(id), statusOf()]).toEqual([first, 'active']);
  });

  it('reopens it without a stage when the plan has none any more', async () => {
    await change('rejected');
    for (const stage of [first, second]) await world.removeStage.execute(new RemoveStage(world.recruiter, stage));
    await change('active');
    expect([world.stageOf(id), statusOf()]).toEqual([null, 'active']);
  });

  it('to a stage of another job is refused, and its status stays', async () => {
    const foreign = await world.aStage('Other', world.hiring.aJob(world.teamId));
    world.forgetAudit();
    await expect(change('rejected', foreign)).rejects.toMatchObject({ reason: 'unknown_reference' });
    expect([world.stageOf(id), statusOf(), world.audited]).toEqual([first, 'active', []]);
  });

  it('that cannot be reopened is not moved either', async () => {
    await change('rejected');
    const { candidateId } = world.hiring.application(world.teamId, id) ?? { candidateId: anId() };
    await world.openApplication.execute(new OpenApplication(world.recruiter, anId(), candidateId, world.jobId, null));
    world.forgetAudit();
    await expect(change('active', second)).rejects.toMatchObject({ reason: 'already_applied' });
    expect([world.stageOf(id), statusOf(), world.audited]).toEqual([first, 'rejected', []]);
  });

  it('is refused without the right, and for an unknown one', async () => {
    for (const [caller, reason] of world.strangers)
      await expect(change('rejected', undefined, caller)).rejects.toMatchObject({ reason });
    await expect(change('rejected', undefined, world.admin, anId())).rejects.toMatchObject({ reason: 'not_found' });
    expect(statusOf()).toBe('active');
  });

  it('has one effect when its unit of work runs twice', async () => {
    world.unitOfWork.collides = true;
    await change('rejected', second);
    expect([world.stageOf(id), statusOf(), world.audited.length]).toEqual([second, 'rejected', 1]);
  });
});
