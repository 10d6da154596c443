import type { UnitOfWork } from '#kernel/ports';
import { BackgroundCheck } from '../../../src/contexts/background-checks/domain/background-check.js';
import { type Checks, SlotTaken } from '../../../src/contexts/background-checks/domain/ports.js';
import { anId } from '../../fakes/platform.js';
import { Gate } from '../gates.js';
import { aCheck, anOrderStatus, aSnapshot, now } from './check-fixtures.js';

export interface ChecksFixture {
  unitOfWork: UnitOfWork;
  checks: Checks;
  /** The stored history of a check, oldest entry first. */
  history(check: BackgroundCheck): Promise<HistoryLine[]>;
}

export interface HistoryLine {
  kind: string;
  from: string | null;
  to: string | null;
  by: string | null;
  source: string;
  /** Emptied for good, because the check is settled. */
  emptied: boolean;
}

type Change = (check: BackgroundCheck) => void | Promise<void>;

/** The rules that use cases rely on when they load and save checks. */
export function checksContract(name: string, open: () => ChecksFixture): void {
  describe(`${name}: checks`, () => {
    let fixture: ChecksFixture;
    let checks: Checks;
    beforeEach(() => {
      fixture = open();
      ({ checks } = fixture);
    });

    const load = (check: BackgroundCheck) => fixture.unitOfWork.run(() => checks.get(check.teamId, check.id));
    const holderOf = (check: BackgroundCheck) =>
      checks.holderOfSlot(check.teamId, check.applicationId, check.jobStageItemId);
    const kindsOf = async (check: BackgroundCheck) => (await fixture.history(check)).map(({ kind }) => kind);

    async function saved(request: Parameters<typeof aCheck>[0] = {}): Promise<BackgroundCheck> {
      const check = aCheck(request);
      await fixture.unitOfWork.run(() => checks.add(check));
      return check;
    }

    function change(saved: BackgroundCheck, work: Change): Promise<void> {
      return fixture.unitOfWork.run(async () => {
        const check = await checks.get(saved.teamId, saved.id);
        await work(check);
        await checks.save(check);
      });
    }

    const inTheSameSlot = ({ teamId, applicationId, jobStageItemId }: BackgroundCheck) => ({
      teamId,
      applicationId,
      jobStageItemId,
    });

    it('come back as they were saved', async () => {
      const check = await saved();
      const found = await load(check);
      expect(found).toBeInstanceOf(BackgroundCheck);
      expect(found).toMatchObject({
        status: 'requested',
        requestedAt: now,
        holdsSlot: true,
        revision: 1,
        caseId: null,
      });
      found.recordCase(aSnapshot(1), now);
      expect(found.releaseHistory()).toMatchObject([{ revision: 2 }]);
    });

    it('keep every kind of field through a change: times, lists of cases to choose from, words, nothing [E10]', async () => {
      const check = await saved();
      const candidates = ['a', 'b "quoted", {c}'];
      await change(check, (one) => one.recordOrder(anOrderStatus({ state: 'needs_decision', candidates }), now));
      expect(await load(check)).toMatchObject({ status: 'needs_decision', failureCandidates: candidates });
      await change(check, (one) => one.recordCase(aSnapshot(1, { state: 'complete', result: 'clear' }), now));
      const { status, result, failureCandidates, confirmedAt, caseId } = await load(check);
      expect({ status, result, failureCandidates, confirmedAt, caseId }).toEqual({
        ...{ status: 'complete', result: 'clear', failureCandidates: [], confirmedAt: now, caseId: 'case' },
      });
    });

    it('belong to one team: another team, an unknown id and nonsense are not found', async () => {
      const check = await saved();
      for (const [teamId, id] of [
        [anId(), check.id],
        [check.teamId, anId()],
        [check.teamId, 'nonsense'],
        [check.teamId, check.id.toUpperCase()],
      ] as const) {
        const missing = { kind: 'not_found', reason: 'not_found' };
        await expect(fixture.unitOfWork.run(() => checks.get(teamId, id))).rejects.toMatchObject(missing);
      }
    });

    it('are one object in one unit of work', async () => {
      const check = await saved();
      await fixture.unitOfWork.run(async () => {
        expect(await checks.get(check.teamId, check.id)).toBe(await checks.get(check.teamId, check.id));
      });
    });

    it('have one holder per slot', async () => {
      const first = await saved();
      const second = aCheck(inTheSameSlot(first));
      await expect(fixture.unitOfWork.run(() => checks.add(second))).rejects.toThrow(SlotTaken);
      await expect(load(second)).rejects.toMatchObject({ reason: 'not_found' });
      expect(await holderOf(first)).toBe(first.id);
      for (const other of [{ teamId: anId() }, { applicationId: anId() }, { jobStageItemId: anId() }])
        await saved({ ...inTheSameSlot(first), ...other });
    });

    it('of which two are added to a slot at once: the first to commit gets it', async () => {
      const first = aCheck();
      const second = aCheck(inTheSameSlot(first));
      const outcomes = await Promise.allSettled(
        [first, second].map((check) => fixture.unitOfWork.run(() => checks.add(check))),
      );
      const refused = outcomes.flatMap((outcome) => (outcome.status === 'rejected' ? [outcome.reason as unknown] : []));
      expect(refused).toEqual([expect.any(SlotTaken)]);
      expect([first.id, second.id]).toContain(await holderOf(first));
    });

    it('give the slot back when they end, and do not take it again when they are reopened', async () => {
      const first = await saved();
      await change(first, (check) => check.recordCase(aSnapshot(1, { state: 'complete' }), now));
      expect(await holderOf(first)).toBeNull();
      const second = await saved(inTheSameSlot(first));
      await change(first, (check) => check.recordCase(aSnapshot(2, { state: 'in_dispute' }), now));
      expect(await holderOf(first)).toBe(second.id);
    });

    it('are replaced once; a later replacement is refused [R-75]', async () => {
      const first = await saved();
      await change(first, (check) => check.recordCase(aSnapshot(1, { state: 'expired' }), now));
      const replacement = { ...inTheSameSlot(first), replacesId: first.id };
      const second = await saved(replacement);
      await change(second, (check) => check.recordCase(aSnapshot(1, { state: 'expired' }), now));
      const third = fixture.unitOfWork.run(() => checks.add(aCheck(replacement)));
      await expect(third).rejects.toMatchObject({ reason: 'changed_meanwhile' });
    });

    it('are found by their candidate, and by their application while no case is known', async () => {
      const check = await saved();
      const { teamId, candidateId, applicationId } = check;
      const sibling = await saved({ teamId, candidateId, applicationId });
      await saved({ candidateId, applicationId });
      expect((await checks.idsOfCandidate(teamId, candidateId)).toSorted()).toEqual([check.id, sibling.id]);
      expect((await checks.idsWithoutCase(teamId, applicationId)).toSorted()).toEqual([check.id, sibling.id]);
      await change(check, (one) => one.recordCase(aSnapshot(1), now));
      await change(sibling, (one) => one.withdraw(null, now));
      expect(await checks.idsWithoutCase(teamId, applicationId)).toEqual([]);
      expect(await checks.idsOfCandidate(teamId, candidateId)).toHaveLength(2);
      expect(await checks.idsOfCandidate(teamId, anId())).toEqual([]);
    });

    it('are not saved over what another transaction saved in between', async () => {
      const check = await saved();
      const [loaded, overtaken] = [new Gate(), new Gate()];
      const slow = change(check, async (one) => {
        loaded.open();
        await overtaken.opened;
        one.requestCancel(anId(), now);
      });
      await loaded.opened;
      await change(check, (one) => one.recordCase(aSnapshot(1), now));
      overtaken.open();
      await expect(slow).rejects.toMatchObject({ kind: 'conflict', reason: 'changed_meanwhile' });
      expect(await load(check)).toMatchObject({ status: 'invited', cancelRequestedAt: null });
      expect(await kindsOf(check)).toEqual(['requested', 'status_changed']);
    });

    it('are saved without a conflict when the other transaction changed nothing', async () => {
      const check = await saved();
      const [loaded, saves] = [new Gate(), new Gate()];
      const slow = change(check, async (one) => {
        loaded.open();
        await saves.opened;
        one.requestCancel(anId(), now);
      });
      await loaded.opened;
      await change(check, () => undefined);
      saves.open();
      await slow;
      expect((await load(check)).cancelRequestedAt).toEqual(now);
    });

    it('can be saved again after a save, in the same unit of work', async () => {
      const check = await saved();
      await change(check, async (one) => {
        one.requestCancel(anId(), now);
        await checks.save(one);
        one.dropCancelRequest(now);
      });
      expect((await load(check)).cancelRequestedAt).toBeNull();
      await change(check, (one) => one.recordCase(aSnapshot(1), now));
    });

    it('store their history with them, or not at all', async () => {
      const check = await saved();
      const failing = fixture.unitOfWork.run(async () => {
        const one = await checks.get(check.teamId, check.id);
        one.recordCase(aSnapshot(1), now);
        await checks.save(one);
        throw new Error('afterwards');
      });
      await expect(failing).rejects.toThrow('afterwards');
      expect(await load(check)).toMatchObject({ status: 'requested', revision: 1 });
      const line = { from: null, to: 'requested', by: check.requestedBy, source: 'user', emptied: false };
      expect(await fixture.history(check)).toEqual([{ kind: 'requested', ...line }]);
    });

    it('lose only results from their history, until they are settled', async () => {
      const check = await saved();
      await change(check, (one) => one.recordCase(aSnapshot(1, { state: 'complete', result: 'clear' }), now));
      await change(check, async (one) => {
        one.removeResult(now, now);
        await checks.save(one);
        await checks.emptyHistory(one);
      });
      const told = async () => (await fixture.history(check)).map(({ kind, to, emptied }) => [kind, to, emptied]);
      expect(await told()).toEqual([
        ['requested', 'requested', false],
        ['status_changed', 'complete', false],
        ['result_changed', null, false],
      ]);
      await change(check, async (one) => {
        one.erase(false, now);
        one.settle(false, now);
        await checks.save(one);
        await checks.emptyHistory(one);
      });
      expect(await told()).toEqual(['requested', 'status_changed', 'result_changed'].map((kind) => [kind, null, true]));
    });
  });
}
