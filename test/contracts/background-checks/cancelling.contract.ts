import type { UnitOfWork } from '#kernel/ports';
import type { CancelProgress, Cancelling, Checks } from '../../../src/contexts/background-checks/domain/ports.js';
import { anId } from '../../fakes/platform.js';
import { aCheck } from './check-fixtures.js';

export interface CancellingFixture {
  unitOfWork: UnitOfWork;
  cancelling: Cancelling;
  checks: Checks;
}

/** The rules that use cases rely on when they repeat a cancellation. */
export function cancellingContract(name: string, open: () => CancellingFixture): void {
  describe(`${name}: the progress of a cancellation`, () => {
    let fixture: CancellingFixture;
    let teamId: string;
    let id: string;
    beforeEach(async () => {
      fixture = open();
      const check = aCheck();
      ({ teamId, id } = check);
      await fixture.unitOfWork.run(() => fixture.checks.add(check));
    });

    const due = (team = teamId, check = id) => fixture.unitOfWork.run(() => fixture.cancelling.due(team, check));
    const plan = (progress: CancelProgress, inSeconds: number) =>
      fixture.unitOfWork.run(() => fixture.cancelling.plan(teamId, id, progress, inSeconds));

    it('begins with no request, and is due', async () => {
      expect(await due()).toEqual({ asked: 0, accepted: false });
    });

    it('is not due before its time', async () => {
      await plan({ asked: 1, accepted: false }, 60);
      expect(await due()).toBeNull();
      await plan({ asked: 2, accepted: true }, 0);
      expect(await due()).toEqual({ asked: 2, accepted: true });
    });

    it('is due a moment early, because a job may come early', async () => {
      await plan({ asked: 1, accepted: false }, 0.5);
      expect(await due()).toEqual({ asked: 1, accepted: false });
    });

    it('keeps that the vendor accepted, and when the next request is due', async () => {
      await plan({ asked: 3, accepted: false }, 0);
      await fixture.cancelling.noteAccepted(teamId, id);
      expect(await due()).toEqual({ asked: 3, accepted: true });
      await plan({ asked: 4, accepted: true }, 60);
      await fixture.cancelling.noteAccepted(teamId, id);
      expect(await due()).toBeNull();
    });

    it('belongs to one check of one team', async () => {
      expect([await due(anId()), await due(teamId, anId())]).toEqual([null, null]);
    });

    it('is undone with its unit of work', async () => {
      const failing = fixture.unitOfWork.run(async () => {
        await fixture.cancelling.plan(teamId, id, { asked: 1, accepted: true }, 60);
        throw new Error('afterwards');
      });
      await expect(failing).rejects.toThrow('afterwards');
      expect(await due()).toEqual({ asked: 0, accepted: false });
    });

    it('is given to one of two that ask at once: the second sees the plan of the first', async () => {
      const take = (): Promise<CancelProgress | null> =>
        fixture.unitOfWork.run(async () => {
          const progress = await fixture.cancelling.due(teamId, id);
          if (progress) await fixture.cancelling.plan(teamId, id, { ...progress, asked: progress.asked + 1 }, 60);
          return progress;
        });
      const taken = await Promise.all([take(), take(), take()]);
      expect(taken.filter((progress) => progress !== null)).toEqual([{ asked: 0, accepted: false }]);
    });

    it('does not overtake a check that is loaded', async () => {
      await fixture.unitOfWork.run(async () => {
        const check = await fixture.checks.get(teamId, id);
        await fixture.cancelling.plan(teamId, id, { asked: 1, accepted: false }, 60);
        check.requestCancel(anId(), new Date());
        await fixture.checks.save(check);
      });
      expect(await due()).toBeNull();
    });
  });
}
