import type { Id } from '#kernel/id';
import { anId } from '../../fakes/platform.js';
import { Gate } from '../gates.js';
import { created, HiringRecords, type HiringRecordsFixture } from './hiring-fixtures.js';

/** What creating, changing and importing records relies on. */
export function hiringRecordsContract(name: string, open: () => HiringRecordsFixture): void {
  describe(`${name}: hiring`, () => {
    let fixture: HiringRecordsFixture;
    let world: HiringRecords;
    let teamId: string;
    beforeEach(() => {
      fixture = open();
      world = new HiringRecords(fixture);
      ({ teamId } = world);
    });

    describe('records', () => {
      it('are found as they were saved, in their team', async () => {
        const [job, candidate] = [await world.aJob('J1'), await world.aCandidate('C1')];
        const application = await world.anApplication(candidate.id, job.id, 'active', { externalId: 'A1' });
        const { jobs, candidates, applications } = fixture;
        expect(await world.run(() => jobs.find(teamId, job.id))).toMatchObject({ name: 'Engineer', externalId: 'J1' });
        const saved = { firstName: 'Ada', email: 'ada@example.org', anonymisedAt: null, externalId: 'C1' };
        expect(await world.run(() => candidates.find(teamId, candidate.id))).toMatchObject(saved);
        const applied = { candidateId: candidate.id, jobId: job.id, status: 'active', closedAt: null };
        expect(await world.run(() => applications.find(teamId, application.id))).toMatchObject(applied);
        for (const records of [jobs, candidates, applications])
          expect([
            await world.run<object | null>(() => records.find(anId(), job.id)),
            await world.run<object | null>(() => records.find(teamId, anId())),
          ]).toEqual([...[null, null]]);
      });

      it('are found by their external id, in their team', async () => {
        const [job, candidate] = [await world.aJob('J1'), await world.aCandidate('C1')];
        const application = await world.anApplication(candidate.id, job.id, 'active', { externalId: 'A1' });
        for (const [records, externalId, id] of [
          [fixture.jobs, 'J1', job.id],
          [fixture.candidates, 'C1', candidate.id],
          [fixture.applications, 'A1', application.id],
        ] as const) {
          expect((await world.run<{ id: Id } | null>(() => records.withExternalId(teamId, externalId)))?.id).toBe(id);
          expect(await world.run<object | null>(() => records.withExternalId(anId(), externalId))).toBeNull();
          expect(await world.run<object | null>(() => records.withExternalId(teamId, 'unknown'))).toBeNull();
        }
      });

      it('keep what was changed, and nothing of a unit of work that fails', async () => {
        const { id } = await world.aCandidate();
        const change = (firstName: string) => async () => {
          const candidate = await fixture.candidates.find(teamId, id);
          candidate?.change({ firstName }, created);
          if (candidate) await fixture.candidates.save(candidate);
        };
        await world.run(change('Grace'));
        const failing = world.run(async () => {
          await change('Eve')();
          throw new Error('afterwards');
        });
        await expect(failing).rejects.toThrow('afterwards');
        expect((await world.run(() => fixture.candidates.find(teamId, id)))?.firstName).toBe('Grace');
      });

      it('are locked by those who found them, and external ids by those who asked', async () => {
        const { id } = await world.aJob();
        const seen: string[] = [];
        const [found, end] = [new Gate(), new Gate()];
        const first = world.run(async () => {
          await fixture.jobs.find(teamId, id);
          await fixture.candidates.withExternalId(teamId, 'C-new');
          found.open();
          await end.opened;
          seen.push('first');
        });
        await found.opened;
        const others = [
          world.run(() => fixture.jobs.find(teamId, id)).then(() => seen.push('job')),
          world.run(() => fixture.candidates.withExternalId(teamId, 'C-new')).then(() => seen.push('external id')),
        ];
        await world.run(() => fixture.candidates.withExternalId(teamId, 'C-other'));
        end.open();
        await Promise.all([first, ...others]);
        expect(seen[0]).toBe('first');
      });
    });

    describe('applications', () => {
      it('of a candidate are found with their jobs', async () => {
        const [candidate, job, other] = [await world.aCandidate(), await world.aJob(), await world.aJob()];
        const all = [
          await world.anApplication(candidate.id, job.id, 'rejected'),
          await world.anApplication(candidate.id, other.id),
        ];
        const found = await world.run(() => fixture.applications.ofCandidate(teamId, candidate.id));
        expect(found.map(({ id }) => id)).toEqual(all.map(({ id }) => id));
        expect((await fixture.candidates.jobsOf(teamId, candidate.id)).toSorted()).toEqual(
          [job.id, other.id].toSorted(),
        );
      });

      it('are one active one for each candidate and job', async () => {
        const [candidate, job] = [await world.aCandidate(), await world.aJob()];
        await world.anApplication(candidate.id, job.id, 'rejected');
        expect(await fixture.applications.activeOne(teamId, candidate.id, job.id)).toBeNull();
        const { id } = await world.anApplication(candidate.id, job.id);
        expect(await fixture.applications.activeOne(teamId, candidate.id, job.id)).toBe(id);
        expect(await fixture.applications.activeOne(teamId, candidate.id, anId())).toBeNull();
        await expect(world.anApplication(candidate.id, job.id)).rejects.toThrow();
      });
    });
  });
}
