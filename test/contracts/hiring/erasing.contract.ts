import type { Id } from '#kernel/id';
import type { Candidate } from '../../../src/contexts/hiring/domain/candidate.js';
import { anId } from '../../fakes/platform.js';
import { created, HiringRecords, type HiringRecordsFixture } from './hiring-fixtures.js';

/** What anonymising, the retention rule and permissions rely on. */
export function hiringErasingContract(name: string, open: () => HiringRecordsFixture): void {
  describe(`${name}: hiring`, () => {
    let fixture: HiringRecordsFixture;
    let world: HiringRecords;
    let teamId: string;
    beforeEach(() => {
      fixture = open();
      world = new HiringRecords(fixture);
      ({ teamId } = world);
    });

    describe('an erased candidate', () => {
      const proof = (candidateId: Id, outcomesWithheld = false) => ({
        ...{ teamId, candidateId, at: created, by: null, outcomesWithheld },
      });
      async function erased(externalId: string): Promise<Candidate> {
        const candidate = await world.aCandidate(externalId);
        await world.run(async () => {
          const present = await fixture.candidates.find(teamId, candidate.id);
          present?.anonymise(created);
          if (present) await fixture.candidates.save(present);
          await fixture.erasures.rememberId(teamId, { kind: 'candidate', externalId, recordId: candidate.id });
        });
        return candidate;
      }

      it('is known as anonymised, and by the erased id only to imports', async () => {
        const { id } = await erased('C1');
        const { candidates } = fixture;
        expect([await candidates.isAnonymised(teamId, id), await candidates.isAnonymised(anId(), id)]).toEqual([
          ...[true, false],
        ]);
        const found = await world.run(() => candidates.withExternalId(teamId, 'C1'));
        expect(found).toMatchObject({ id, externalId: null, firstName: 'Anonymised' });
      });

      it('of whom only the id is left is refused to imports', async () => {
        const lost = { kind: 'candidate', externalId: 'C1', recordId: anId() } as const;
        await world.run(() => fixture.erasures.rememberId(teamId, lost));
        await expect(world.run(() => fixture.candidates.withExternalId(teamId, 'C1'))).rejects.toMatchObject({
          reason: 'candidate_anonymised',
        });
      });

      it('has a proof that counts how checks ended, or only that they did', async () => {
        const [open, withheld] = [anId(), anId()];
        await fixture.erasures.add(proof(open));
        await fixture.erasures.add(proof(withheld, true));
        const ended = { packageName: 'Basic', outcome: 'clear', status: 'complete' };
        for (const candidateId of [open, open, withheld, anId()])
          await fixture.erasures.countCheck(teamId, candidateId, ended);
        expect(await fixture.countedChecks(teamId, open)).toEqual([{ package: 'Basic', outcome: 'clear', count: 2 }]);
        expect(await fixture.countedChecks(teamId, withheld)).toEqual([
          { package: 'Basic', outcome: 'complete', count: 1 },
        ]);
      });
    });

    describe('the retention rule', () => {
      const day = (date: string) => new Date(`${date}T09:00:00Z`);
      const setRule = (months: number | null, since = day('2025-01-01'), nextRun = day('2026-06-01')) =>
        world.run(() => fixture.retention.setRule(teamId, { months, since }, nextRun));
      const dueOn = (date: string) => fixture.retention.due(teamId, day(date), 10);

      it('is kept for the team', async () => {
        const rule = () => world.run(() => fixture.retention.ruleOf(teamId));
        expect(await rule()).toBeNull();
        await setRule(6);
        await setRule(12);
        expect(await rule()).toEqual({ months: 12, since: day('2025-01-01') });
      });

      it('runs once when it is due, and never without months', async () => {
        await setRule(6);
        const take = async (date: string) =>
          (await world.run(() => fixture.retention.takeDueTeams(day(date), day('2026-06-03'), 1000))).includes(teamId);
        expect(await take('2026-05-31')).toBe(false);
        expect([await take('2026-06-02'), await take('2026-06-02')]).toEqual([true, false]);
        await setRule(null);
        expect(await take('2026-06-02')).toBe(false);
      });

      it('finds candidates its months after their last rejection, and none who is active or hired', async () => {
        const [job, other] = [await world.aJob(), await world.aJob()];
        const [rejected, hired, unclear] = [
          await world.aCandidate(),
          await world.aCandidate(),
          await world.aCandidate(),
        ];
        await world.anApplication(rejected.id, job.id, 'rejected', { at: day('2026-02-10') });
        await world.anApplication(rejected.id, other.id, 'rejected', { at: day('2026-03-10') });
        await world.anApplication(hired.id, job.id, 'hired');
        await world.anApplication(unclear.id, job.id, 'rejected');
        await world.anApplication(unclear.id, other.id, 'active');
        await setRule(3);
        expect([await dueOn('2026-06-09'), await dueOn('2026-06-11')]).toEqual([[], [rejected.id]]);
        expect(await fixture.retention.isDue(teamId, rejected.id, day('2026-06-11'))).toBe(true);
        expect(await fixture.retention.isDue(teamId, hired.id, day('2026-06-11'))).toBe(false);
      });

      it('finds candidates without applications its months after they were created, oldest first', async () => {
        const [later, first] = [await world.aCandidate(null, day('2026-02-10')), await world.aCandidate()];
        await setRule(3);
        expect(await dueOn('2026-05-11')).toEqual([first.id, later.id]);
        expect(await fixture.retention.due(teamId, day('2026-05-11'), 1)).toEqual([first.id]);
        await setRule(null);
        expect(await dueOn('2026-05-11')).toEqual([]);
      });

      it('warns for a week, and spares those on legal hold', async () => {
        const { id } = await world.aCandidate();
        await setRule(3, day('2026-05-01'));
        expect([await dueOn('2026-05-07'), await dueOn('2026-05-09')]).toEqual([[], [id]]);
        const hold = (held: boolean) =>
          world.run(async () => {
            const candidate = await fixture.candidates.find(teamId, id);
            candidate?.hold(held, day('2026-05-09'));
            if (candidate) await fixture.candidates.save(candidate);
          });
        await hold(true);
        expect(await dueOn('2026-05-30')).toEqual([]);
        await hold(false);
        expect([await dueOn('2026-05-15'), await dueOn('2026-05-17')]).toEqual([[], [id]]);
      });

      it('tries again later when a candidate could not be anonymised', async () => {
        const { id } = await world.aCandidate();
        await setRule(3, undefined, day('2026-06-01'));
        const failedAt = day('2026-05-20');
        await world.run(() => fixture.erasures.noteFailure(teamId, id, failedAt));
        const due = (seconds: number) =>
          fixture.retention.due(teamId, new Date(failedAt.getTime() + seconds * 1000), 10);
        expect([await due(59), await due(61)]).toEqual([[], [id]]);
        expect(await fixture.retention.isDue(teamId, id, failedAt)).toBe(true);
        const soon = new Date(failedAt.getTime() + 61_000);
        expect(await world.run(() => fixture.retention.takeDueTeams(soon, day('2026-05-21'), 1000))).toContain(teamId);
        await world.run(() => fixture.erasures.noteFailure(teamId, id, failedAt));
        expect([await due(299), await due(301)]).toEqual([[], [id]]);
      });
    });

    describe('permissions', () => {
      it('on a job are replaced as a whole, and revoked for a user', async () => {
        const [job, other] = [await world.aJob(), await world.aJob()];
        const [ada, bob] = [anId(), anId()];
        const { permissions } = fixture;
        const grant = (userId: Id) => ({ userId, permissions: ['manage' as const] });
        expect(await permissions.of(teamId, job.id)).toEqual([]);
        await world.run(() => permissions.replace(teamId, job.id, [grant(bob), grant(ada)]));
        await world.run(() => permissions.replace(teamId, other.id, [grant(ada)]));
        expect(await permissions.of(teamId, job.id)).toEqual([grant(ada), grant(bob)]);
        await world.run(() => permissions.replace(teamId, job.id, [grant(ada)]));
        expect([await permissions.of(teamId, job.id), await permissions.of(anId(), job.id)]).toEqual([
          [grant(ada)],
          [],
        ]);
        await permissions.revokeAll(anId(), ada);
        await permissions.revokeAll(teamId, ada);
        expect([await permissions.of(teamId, job.id), await permissions.of(teamId, other.id)]).toEqual([[], []]);
      });
    });
  });
}
