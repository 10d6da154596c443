import type { Id } from '#kernel/id';
import type { UnitOfWork } from '#kernel/ports';
import type { Checks } from '../../../src/contexts/background-checks/domain/ports.js';
import type { ResultRetention } from '../../../src/contexts/background-checks/domain/result-retention.js';
import type { HeldCandidate } from '../../fakes/background-checks/fake-result-retention.js';
import { anId } from '../../fakes/platform.js';
import { Gate } from '../gates.js';
import { aCheck, aSnapshot } from './check-fixtures.js';

export interface ResultRetentionFixture {
  unitOfWork: UnitOfWork;
  retention: ResultRetention;
  checks: Checks;
  /** A candidate of that team as hiring knows them. */
  aCandidate(teamId: string, candidate: HeldCandidate): Promise<{ candidateId: Id }>;
}

const day = (date: string): Date => new Date(`${date}T12:00:00Z`);
const longAgo = day('2020-01-01');
const free: HeldCandidate = { legalHold: false, legalHoldEndedAt: null, anonymised: false };

/** The rules that the removal of results relies on. */
export function resultRetentionContract(name: string, open: () => ResultRetentionFixture): void {
  describe(`${name}: result retention`, () => {
    let fixture: ResultRetentionFixture;
    let retention: ResultRetention;
    let teamId: string;
    beforeEach(() => {
      fixture = open();
      ({ retention } = fixture);
      teamId = anId();
    });

    const setRule = (months: number | null, since = longAgo, due = longAgo, team = teamId) =>
      fixture.unitOfWork.run(() => retention.setRule(team, { months, since }, due));

    /** A check that ended at that time. */
    async function ended(at: Date, candidate: Partial<HeldCandidate> = {}): Promise<string> {
      const check = aCheck({ teamId, ...(await fixture.aCandidate(teamId, { ...free, ...candidate })) });
      check.recordCase(aSnapshot(1, { state: 'complete', result: 'clear' }), at);
      await fixture.unitOfWork.run(() => fixture.checks.add(check));
      return check.id;
    }

    const due = (at: Date, limit = 10) => retention.due(teamId, at, limit);

    describe('the rule', () => {
      it('is the last one that was set; a team without one has none', async () => {
        expect(await fixture.unitOfWork.run(() => retention.ruleOf(teamId))).toBeNull();
        await setRule(6, day('2026-01-01'));
        await setRule(null, day('2026-02-01'));
        const rule = await fixture.unitOfWork.run(() => retention.ruleOf(teamId));
        expect(rule).toEqual({ months: null, since: day('2026-02-01') });
        expect(await fixture.unitOfWork.run(() => retention.ruleOf(anId()))).toBeNull();
      });

      it('is locked while it is read: a second change waits for the first', async () => {
        await setRule(1);
        const raise = (): Promise<void> =>
          fixture.unitOfWork.run(async () => {
            const months = (await retention.ruleOf(teamId))?.months ?? 0;
            await retention.setRule(teamId, { months: months + 1, since: longAgo }, longAgo);
          });
        await Promise.all([raise(), raise(), raise()]);
        expect((await fixture.unitOfWork.run(() => retention.ruleOf(teamId)))?.months).toBe(4);
      });
    });

    describe('the daily removal', () => {
      const take = (at: Date, next: Date) => fixture.unitOfWork.run(() => retention.takeDueTeams(at, next, 50));

      it('is taken once, when it is due', async () => {
        await setRule(6, longAgo, day('2026-03-02'));
        expect(await take(day('2026-03-01'), day('2026-03-02'))).not.toContain(teamId);
        expect(await take(day('2026-03-02'), day('2026-03-03'))).toContain(teamId);
        expect(await take(day('2026-03-02'), day('2026-03-03'))).not.toContain(teamId);
        expect(await take(day('2026-03-03'), day('2026-03-04'))).toContain(teamId);
      });

      it('is not taken for a team that keeps results indefinitely', async () => {
        await setRule(null);
        expect(await take(day('2026-03-01'), day('2026-03-02'))).not.toContain(teamId);
      });

      it('is taken for the given number of teams, those that wait longest first', async () => {
        const [early, late] = [anId(), anId()];
        await setRule(6, longAgo, day('1990-01-02'), late);
        await setRule(6, longAgo, day('1990-01-01'), early);
        const taken = () =>
          fixture.unitOfWork.run(() => retention.takeDueTeams(day('1990-02-01'), day('2030-01-01'), 1));
        expect([await taken(), await taken(), await taken()]).toEqual([[early], [late], []]);
      });

      it('is left to the replica that takes it at the moment', async () => {
        await setRule(6);
        const [taken, ends] = [new Gate(), new Gate()];
        const first = fixture.unitOfWork.run(async () => {
          const teams = await retention.takeDueTeams(day('2026-03-01'), day('2026-03-02'), 50);
          taken.open();
          await ends.opened;
          return teams;
        });
        await taken.opened;
        expect(await take(day('2026-03-01'), day('2026-03-02'))).not.toContain(teamId);
        ends.open();
        expect(await first).toContain(teamId);
      });
    });

    describe('a result', () => {
      it('is due that many months after its check ended', async () => {
        await setRule(6);
        const id = await ended(day('2025-03-15'));
        expect(await due(day('2025-09-14'))).toEqual([]);
        expect(await due(day('2025-09-15'))).toEqual([id]);
        expect([
          await retention.isDue(teamId, id, day('2025-09-14')),
          await retention.isDue(teamId, id, day('2025-09-15')),
        ]).toEqual([false, true]);
      });

      it('is due at the end of a month that is shorter', async () => {
        await setRule(6);
        const id = await ended(day('2025-08-31'));
        expect([await due(day('2026-02-27')), await due(day('2026-02-28'))]).toEqual([[], [id]]);
      });

      it('is never due while its check is in progress, or without a rule', async () => {
        const id = await ended(day('2020-03-15'));
        expect(await due(day('2026-03-15'))).toEqual([]);
        await setRule(null);
        expect(await due(day('2026-03-15'))).toEqual([]);
        await setRule(6);
        expect(await due(day('2026-03-15'))).toEqual([id]);
        await fixture.unitOfWork.run(async () => {
          const check = await fixture.checks.get(teamId, id);
          check.recordCase(aSnapshot(2, { state: 'in_dispute' }), day('2026-03-15'));
          await fixture.checks.save(check);
        });
        expect(await due(day('2026-03-15'))).toEqual([]);
      });

      it('is never due in the week after the rule was set or a legal hold ended', async () => {
        await setRule(6, day('2026-03-01'));
        const id = await ended(day('2020-03-15'));
        const held = await ended(day('2020-03-16'), { legalHoldEndedAt: day('2026-03-03') });
        expect(await due(day('2026-03-07'))).toEqual([]);
        expect(await due(day('2026-03-08'))).toEqual([id]);
        expect(await due(day('2026-03-10'))).toEqual([id, held]);
      });

      it('is never due on legal hold, nor of an anonymised candidate', async () => {
        await setRule(6);
        const held = await ended(day('2020-03-15'), { legalHold: true });
        await ended(day('2020-03-15'), { anonymised: true });
        expect(await due(day('2026-03-15'))).toEqual([]);
        expect(await retention.isDue(teamId, held, day('2026-03-15'))).toBe(false);
      });

      it('is due once', async () => {
        await setRule(6);
        const id = await ended(day('2020-03-15'));
        await fixture.unitOfWork.run(async () => {
          const check = await fixture.checks.get(teamId, id);
          check.removeResult(day('2026-03-15'), day('2026-03-15'));
          await fixture.checks.save(check);
        });
        expect(await due(day('2026-03-15'))).toEqual([]);
      });

      it('comes in the order of its time, and no more than asked for', async () => {
        await setRule(6);
        const [second, first, third] = [
          await ended(day('2020-03-16')),
          await ended(day('2020-03-15')),
          await ended(day('2020-03-17')),
        ];
        expect(await due(day('2026-03-15'))).toEqual([first, second, third]);
        expect(await due(day('2026-03-15'), 2)).toEqual([first, second]);
        expect(await retention.due(anId(), day('2026-03-15'), 10)).toEqual([]);
      });

      it('that could not be removed waits for its next try, with growing gaps, and stays due', async () => {
        await setRule(6, longAgo, day('2026-03-16'));
        const id = await ended(day('2020-03-15'));
        const at = (seconds: number) => new Date(day('2026-03-15').getTime() + seconds * 1000);
        await retention.noteFailure(teamId, id, at(0));
        expect([await due(at(59)), await due(at(60))]).toEqual([[], [id]]);
        expect(await retention.isDue(teamId, id, at(0))).toBe(true);
        await retention.noteFailure(teamId, id, at(60));
        expect([await due(at(359)), await due(at(360))]).toEqual([[], [id]]);
        const taken = await fixture.unitOfWork.run(() => retention.takeDueTeams(at(60), day('2026-03-16'), 50));
        expect(taken).toContain(teamId);
        await retention.noteSuccess(teamId, id);
        expect(await due(at(60))).toEqual([id]);
      });
    });
  });
}
