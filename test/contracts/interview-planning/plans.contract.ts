import type { Id } from '#kernel/id';
import type { UnitOfWork } from '#kernel/ports';
import type { InterviewPlan } from '../../../src/contexts/interview-planning/domain/interview-plan.js';
import type { InterviewPlans } from '../../../src/contexts/interview-planning/domain/interview-plans.js';
import type { Placements } from '../../../src/contexts/interview-planning/domain/placements.js';
import { anId } from '../../fakes/platform.js';
import { Gate } from '../gates.js';

export interface PlansFixture {
  unitOfWork: UnitOfWork;
  plans: InterviewPlans;
  placements: Placements;
  anApplication: (teamId: string, jobId: Id, status: 'active' | 'rejected') => Promise<Id>;
}

const now = new Date('2026-10-01T14:00:00.123Z');
const check = { vendor: 'certn', name: 'Check', package: { id: 'basic', name: 'Basic' }, configuration: null };
const call = { vendor: null, name: 'Call', package: null, configuration: { minutes: 30 } };

/** The rules that use cases rely on when they load plans, lock stages and place applications. */
export function plansContract(name: string, open: () => PlansFixture): void {
  describe(`${name}: plans`, () => {
    let fixture: PlansFixture;
    let plans: InterviewPlans;
    let teamId: string;
    let jobId: Id;
    beforeEach(() => {
      fixture = open();
      ({ plans } = fixture);
      [teamId, jobId] = [anId(), anId()];
    });

    const change = <T>(work: (plan: InterviewPlan) => T | Promise<T>): Promise<T> =>
      fixture.unitOfWork.run(async () => {
        const plan = await plans.ofJob(teamId, jobId);
        const result = await work(plan);
        await plans.save(plan);
        return result;
      });
    const stages = () =>
      fixture.unitOfWork.run(async () =>
        (await plans.ofJob(teamId, jobId)).stages.map(({ name: stage, priority }) => [stage, priority]),
      );
    const aStage = (stage: string, id = anId()) =>
      change((plan) => plan.addStage(id, stage, undefined, now)).then(() => id);

    it('are empty for a job without stages', async () => {
      expect(await stages()).toEqual([]);
    });

    it('come back as they were saved, stages in order and activities oldest first', async () => {
      const [first, second] = [await aStage('Screening'), await aStage('Interview')];
      const [checkId, interview] = [anId(), anId()];
      await change((plan) => plan.addItem(first, interview, 'interview', call, new Date(now.getTime() + 1000)));
      await change((plan) => plan.addItem(first, checkId, 'background_check', check, now));
      await change((plan) => plan.moveStage(second, 1, now));
      const plan = await fixture.unitOfWork.run(() => plans.ofJob(teamId, jobId));
      expect(plan.stages.map(({ id, name: stage, priority }) => [id, stage, priority])).toEqual([
        [second, 'Interview', 1],
        [first, 'Screening', 2],
      ]);
      expect(plan.stage(first).items.map(({ id }) => id)).toEqual([checkId, interview]);
      expect(plan.item(checkId)).toMatchObject({
        type: 'background_check',
        vendor: 'certn',
        packageId: 'basic',
        packageName: 'Basic',
      });
      expect(plan.item(interview)).toMatchObject({
        type: 'interview',
        name: 'Call',
        configuration: { minutes: 30 },
        packageId: null,
        deletedAt: null,
      });
    });

    it('belong to one job of one team', async () => {
      const id = await aStage('Screening');
      const item = anId();
      await change((plan) => plan.addItem(id, item, 'interview', call, now));
      expect([await plans.jobOfStage(teamId, id), await plans.jobOfStage(anId(), id)]).toEqual([jobId, null]);
      expect(await plans.locateItem(teamId, item)).toEqual({ jobId, type: 'interview', vendor: null });
      expect([await plans.locateItem(anId(), item), await plans.locateItem(teamId, anId())]).toEqual([null, null]);
      const others = [
        await fixture.unitOfWork.run(() => plans.ofJob(anId(), jobId)),
        await fixture.unitOfWork.run(() => plans.ofJob(teamId, anId())),
      ];
      expect(others.map((plan) => plan.stages)).toEqual([[], []]);
    });

    it('lose what is removed', async () => {
      const [id, kept] = [await aStage('Screening'), await aStage('Interview')];
      const [item, removed] = [anId(), anId()];
      await change((plan) => plan.addItem(id, item, 'interview', call, now));
      await change((plan) => plan.addItem(kept, removed, 'interview', call, now));
      await change((plan) => plan.removeItem(removed, now));
      await change((plan) => plan.removeStage(id, 0, now));
      expect(await stages()).toEqual([['Interview', 1]]);
      expect([
        await plans.jobOfStage(teamId, id),
        await plans.locateItem(teamId, item),
        await plans.locateItem(teamId, removed),
      ]).toEqual([...[null, null, null]]);
      const plan = await fixture.unitOfWork.run(() => plans.ofJob(teamId, jobId));
      expect(plan.stage(kept).items).toEqual([]);
    });

    it('are undone with their unit of work', async () => {
      await aStage('Screening');
      const failing = change(async (plan) => {
        plan.addStage(anId(), 'Interview', 1, now);
        await plans.save(plan);
        throw new Error('afterwards');
      });
      await expect(failing).rejects.toThrow('afterwards');
      expect(await stages()).toEqual([['Screening', 1]]);
    });

    it('are changed one after another, so that no stage is lost', async () => {
      await Promise.all(['A', 'B', 'C'].map((stage) => aStage(stage)));
      const found = await stages();
      expect(found.map(([, priority]) => priority)).toEqual([1, 2, 3]);
      expect(found.map(([stage]) => stage).toSorted()).toEqual(['A', 'B', 'C']);
    });

    describe('and placements', () => {
      const lock = (work: (placements: Placements) => Promise<{ id: string } | null>) =>
        fixture.unitOfWork.run(() => work(fixture.placements)).then((stage) => stage?.id ?? null);
      const place = (applicationId: Id, stageId: Id | null) =>
        fixture.unitOfWork.run(async () => {
          const stage = stageId && (await fixture.placements.lockStage(teamId, jobId, stageId));
          return fixture.placements.put(teamId, applicationId, jobId, stage || null);
        });
      const current = (applicationId: Id) => lock((placements) => placements.lockCurrentStage(teamId, applicationId));

      it('find a stage by id, by name, or the first one; removed ones and those of other jobs are none', async () => {
        const [first, second, gone] = [await aStage('A'), await aStage('B'), await aStage('C')];
        await change((plan) => plan.moveStage(second, 1, now));
        await change((plan) => plan.removeStage(gone, 0, now));
        expect(await lock((p) => p.lockFirstStage(teamId, jobId))).toBe(second);
        expect(await lock((p) => p.lockStageNamed(teamId, jobId, 'A'))).toBe(first);
        expect(await lock((p) => p.lockStage(teamId, jobId, first))).toBe(first);
        for (const missing of [
          (p: Placements) => p.lockStage(teamId, jobId, gone),
          (p: Placements) => p.lockStageNamed(teamId, jobId, 'C'),
          (p: Placements) => p.lockStage(teamId, anId(), first),
          (p: Placements) => p.lockStage(anId(), jobId, first),
          (p: Placements) => p.lockFirstStage(teamId, anId()),
        ])
          expect(await lock(missing)).toBeNull();
      });

      it('of two stages with one name take the first', async () => {
        const [, second] = [await aStage('A'), await aStage('A')];
        await change((plan) => plan.moveStage(second, 1, now));
        expect(await lock((p) => p.lockStageNamed(teamId, jobId, 'A'))).toBe(second);
      });

      it('put an application into a stage, and tell whether that changed anything', async () => {
        const [first, second] = [await aStage('A'), await aStage('B')];
        const application = await fixture.anApplication(teamId, jobId, 'active');
        expect(await current(application)).toBeNull();
        const changes = [
          await place(application, null),
          await place(application, null),
          await place(application, first),
          await place(application, first),
          await place(application, second),
        ];
        expect(changes).toEqual([true, false, true, false, true]);
        expect(await current(application)).toBe(second);
      });

      it('count the active applications in a stage', async () => {
        const [stage, other] = [await aStage('A'), await aStage('B')];
        for (const [status, stageId] of [
          ['active', stage],
          ['active', stage],
          ['rejected', stage],
          ['active', other],
        ] as const)
          await place(await fixture.anApplication(teamId, jobId, status), stageId);
        const count = (id: Id) => fixture.unitOfWork.run(() => fixture.placements.lockAndCount(teamId, id));
        expect([await count(stage), await count(other), await count(anId())]).toEqual([2, 1, 0]);
      });

      it('leave a stage that is cleared, and no other one', async () => {
        const [stage, other] = [await aStage('A'), await aStage('B')];
        const [leaves, stays] = [
          await fixture.anApplication(teamId, jobId, 'rejected'),
          await fixture.anApplication(teamId, jobId, 'rejected'),
        ];
        await place(leaves, stage);
        await place(stays, other);
        await fixture.unitOfWork.run(() => fixture.placements.clear(teamId, stage));
        expect([await current(leaves), await current(stays)]).toEqual([null, other]);
      });

      it('are none in a stage that was removed', async () => {
        const stage = await aStage('A');
        const application = await fixture.anApplication(teamId, jobId, 'rejected');
        await place(application, stage);
        await change((plan) => plan.removeStage(stage, 0, now));
        expect(await current(application)).toBeNull();
      });

      it('make a removal wait: it sees the application that was placed meanwhile', async () => {
        const stage = await aStage('A');
        const application = await fixture.anApplication(teamId, jobId, 'active');
        const [locked, counts] = [new Gate(), new Gate()];
        const placing = fixture.unitOfWork.run(async () => {
          const found = await fixture.placements.lockStage(teamId, jobId, stage);
          locked.open();
          await counts.opened;
          await fixture.placements.put(teamId, application, jobId, found);
        });
        await locked.opened;
        const removing = fixture.unitOfWork.run(() => {
          counts.open();
          return fixture.placements.lockAndCount(teamId, stage);
        });
        expect(await removing).toBe(1);
        await placing;
      });

      it('do not wait for each other', async () => {
        const stage = await aStage('A');
        const [held, ends] = [new Gate(), new Gate()];
        const first = fixture.unitOfWork.run(async () => {
          await fixture.placements.lockStage(teamId, jobId, stage);
          held.open();
          await ends.opened;
        });
        await held.opened;
        expect(await lock((p) => p.lockStage(teamId, jobId, stage))).toBe(stage);
        ends.open();
        await first;
      });
    });
  });
}
