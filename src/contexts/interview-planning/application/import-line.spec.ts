import type { Id } from '#kernel/id';
import { World } from '../../../../test/fakes/interview-planning/world.js';
import { FakeIds } from '../../../../test/fakes/platform.js';
import { AddStage } from './add-stage.js';
import { ImportLine } from './import-line.js';
import { ImportRecord } from './import-record.js';

let world: World;
beforeEach(() => {
  world = new World();
});
const take = (line: unknown, caller = world.admin) => world.importLine.execute(new ImportLine(caller, line));
const named = (...names: string[]) => names.map((name) => ({ name }));
const job = (stages?: { name: string }[]) => take({ type: 'job', external_id: 'J-1', name: 'Engineer', stages });
const application = (more: Record<string, unknown> = {}) =>
  take({ type: 'application', external_id: 'A-1', candidate: 'C-1', job: 'J-1', ...more });

describe('importing a job', () => {
  it('makes its plan follow the list, and audits each new stage', async () => {
    const { id, status } = await job(named('Screening', 'Interview'));
    expect([status, world.stageNames(id)]).toEqual(['created', ['Screening', 'Interview']]);
    expect(world.audited).toMatchObject([
      { action: 'stage.create', to: { job_id: id, name: 'Screening', priority: 1 } },
      { action: 'stage.create', to: { job_id: id, name: 'Interview', priority: 2 } },
    ]);
  });

  it('again changes nothing', async () => {
    await job(named('Screening', 'Interview'));
    world.forgetAudit();
    expect(await job(named('Screening', 'Interview'))).toMatchObject({ status: 'unchanged' });
    expect(world.audited).toEqual([]);
  });

  it('with another list moves and adds, keeps what the list does not name, and tells that it changed', async () => {
    const { id } = await job(named('Screening', 'Interview'));
    await world.addStage.execute(new AddStage(world.admin, id, new FakeIds().next(), 'Own'));
    world.forgetAudit();
    const again = await take({
      type: 'job',
      external_id: 'J-1',
      name: 'Engineer',
      stages: named('Interview', 'Offer'),
    });
    expect([again.status, world.stageNames(id)]).toEqual(['updated', ['Screening', 'Interview', 'Offer', 'Own']]);
    expect(world.audited).toMatchObject([{ action: 'stage.create', to: { name: 'Offer' } }]);
  });

  it.each([[undefined], [[]]])('with the list %j leaves its plan', async (stages) => {
    const { id } = await job(named('Screening'));
    await job(stages);
    expect(world.stageNames(id)).toEqual(['Screening']);
  });
});

describe('importing an application', () => {
  let jobId: Id;
  beforeEach(async () => {
    ({ id: jobId } = await job(named('Screening', 'Interview')));
    await take({ type: 'candidate', external_id: 'C-1', first_name: 'Ada' });
    world.forgetAudit();
  });
  const stageOf = (id: Id) => {
    const stageId = world.stageOf(id);
    return stageId && world.plans.stage(world.teamId, stageId)?.name;
  };

  it('puts it into the stage that it names, or the first one', async () => {
    const { id, status } = await application();
    expect([status, stageOf(id)]).toEqual(['created', 'Screening']);
    const moved = await application({ stage: 'Interview' });
    expect([moved, stageOf(id)]).toEqual([{ id, status: 'updated' }, 'Interview']);
  });

  it('without a stage leaves it where it is', async () => {
    const { id } = await application({ stage: 'Interview' });
    await application();
    expect([(await application()).status, stageOf(id)]).toEqual(['unchanged', 'Interview']);
  });

  it('into an unknown stage is refused as a whole', async () => {
    await expect(application({ stage: 'Nowhere' })).rejects.toMatchObject({ reason: 'unknown_reference' });
    expect(world.hiring.rows.all()).toEqual([]);
    expect((await application()).status).toBe('created');
    expect(world.hiring.rows.all()).toMatchObject([{ jobId }]);
  });
});

describe('an imported line', () => {
  it('is for admins only', async () => {
    await expect(take({ type: 'job', external_id: 'J-1' }, world.recruiter)).rejects.toMatchObject({
      reason: 'not_allowed',
    });
  });

  it('that is wrong is refused with its field', async () => {
    await expect(take({ type: 'plan' })).rejects.toMatchObject({ errors: { json: { type: [expect.any(String)] } } });
  });

  it('has one effect when its unit of work runs twice', async () => {
    world.unitOfWork.collides = true;
    const { id } = await job(named('Screening'));
    expect([world.stageNames(id), world.audited.length]).toEqual([['Screening'], 1]);
  });
});

describe('the record of an import', () => {
  async function* results(...statuses: ('created' | 'updated' | 'unchanged' | 'failed')[]) {
    for (const status of statuses) yield { status };
  }
  const begin = async () => {
    const record = new ImportRecord(world.audit, new FakeIds());
    const importId = await record.begin(world.admin);
    return { record, importId };
  };

  it('counts what became of the lines', async () => {
    const { record, importId } = await begin();
    const passed = [];
    for await (const result of record.counting(
      world.admin,
      importId,
      results('created', 'created', 'failed'),
      () => false,
    ))
      passed.push(result.status);
    expect(passed).toEqual(['created', 'created', 'failed']);
    expect(world.audited).toMatchObject([
      { action: 'import.start', entityId: importId },
      {
        action: 'import.finish',
        entityId: importId,
        to: { created: 2, updated: 0, unchanged: 0, failed: 1, ended: 'complete' },
      },
    ]);
  });

  it('tells that it broke off: the reader stopped, or lines were cut', async () => {
    const { record, importId } = await begin();
    const stopped = record.counting(world.admin, importId, results('created', 'updated'), () => false);
    await stopped.next();
    await stopped.return(undefined);
    const cut = record.counting(world.admin, importId, results('created'), () => true);
    expect([await cut.next(), await cut.next()]).toMatchObject([{ done: false }, { done: true }]);
    expect(world.audited.slice(1)).toMatchObject([
      { to: { created: 1, updated: 0, ended: 'broken_off' } },
      { to: { created: 1, ended: 'broken_off' } },
    ]);
  });
});
