import { Caller, type JobScope } from '#kernel/caller';
import type { Id } from '#kernel/id';
import type { UnitOfWork } from '#kernel/ports';
import type {
  Applications,
  Candidates,
  ImportedRecords,
  Jobs,
} from '../../../src/contexts/interview-planning/domain/applications.js';
import type { ConnectionState, Packages } from '../../../src/contexts/interview-planning/domain/packages.js';
import { anId } from '../../fakes/platform.js';

export interface HiringFixture {
  unitOfWork: UnitOfWork;
  applications: Applications;
  jobs: Jobs;
  candidates: Candidates;
  records: ImportedRecords;
  aJob: (teamId: string) => Promise<Id>;
  aCandidate: (teamId: string) => Promise<Id>;
}

/** What plans rely on about jobs, candidates and applications. */
export function hiringContract(name: string, open: () => HiringFixture): void {
  describe(`${name}: hiring`, () => {
    let fixture: HiringFixture;
    let teamId: string;
    beforeEach(() => {
      fixture = open();
      teamId = anId();
    });

    const actor = () => ({ teamId, user: { id: anId() }, ip: null });
    const caller = (level: 'standard' | 'limited', scope: JobScope = { kind: 'all_but', jobIds: [] }) =>
      new Caller(teamId, { id: anId(), name: 'Ada' }, level, scope, new Map(), []);
    const opened = async (given: { jobId?: Id; candidateId?: Id; externalId?: string } = {}) => {
      const jobId = given.jobId ?? (await fixture.aJob(teamId));
      const candidateId = given.candidateId ?? (await fixture.aCandidate(teamId));
      const id = anId();
      await fixture.applications.open(caller('standard'), id, candidateId, jobId, given.externalId ?? null);
      return { id, jobId, candidateId };
    };

    it('knows the jobs of a team', async () => {
      const jobId = await fixture.aJob(teamId);
      const { jobs } = fixture;
      expect([
        await jobs.exists(teamId, jobId),
        await jobs.exists(anId(), jobId),
        await jobs.exists(teamId, anId()),
      ]).toEqual([...[true, false, false]]);
    });

    it('finds an application in its team', async () => {
      const { id, jobId } = await opened();
      expect(await fixture.applications.find(teamId, id)).toMatchObject({ id, jobId, status: 'active' });
      expect([await fixture.applications.find(anId(), id), await fixture.applications.find(teamId, anId())]).toEqual([
        null,
        null,
      ]);
    });

    it('opens none for an unknown job or candidate', async () => {
      const unknown = { reason: 'unknown_reference' };
      await expect(opened({ jobId: anId() })).rejects.toMatchObject(unknown);
      await expect(opened({ candidateId: anId() })).rejects.toMatchObject(unknown);
    });

    it('opens one active application for a candidate and a job', async () => {
      const { id, jobId, candidateId } = await opened();
      await expect(opened({ jobId, candidateId })).rejects.toMatchObject({ reason: 'already_applied' });
      await fixture.applications.changeStatus(actor(), id, 'rejected');
      const second = await opened({ jobId, candidateId });
      await expect(fixture.applications.changeStatus(actor(), id, 'active')).rejects.toMatchObject({
        reason: 'already_applied',
      });
      await fixture.applications.changeStatus(actor(), second.id, 'hired');
      await fixture.applications.changeStatus(actor(), id, 'active');
      expect(await fixture.applications.find(teamId, id)).toMatchObject({ status: 'active' });
    });

    it('opens none in a unit of work that fails', async () => {
      const [jobId, candidateId, id] = [await fixture.aJob(teamId), await fixture.aCandidate(teamId), anId()];
      const failing = fixture.unitOfWork.run(async () => {
        await fixture.applications.open(caller('standard'), id, candidateId, jobId, null);
        throw new Error('afterwards');
      });
      await expect(failing).rejects.toThrow('afterwards');
      expect(await fixture.applications.find(teamId, id)).toBeNull();
    });

    it('lets one application have an id of another system', async () => {
      const taken = { reason: 'already_taken' };
      const [first, second] = [await opened({ externalId: 'A-1' }), await opened()];
      const identify = (id: Id, externalId: string | null) =>
        fixture.applications.identify(caller('standard'), id, externalId);
      await expect(opened({ externalId: 'A-1' })).rejects.toMatchObject(taken);
      await expect(identify(second.id, 'A-1')).rejects.toMatchObject(taken);
      await identify(first.id, 'A-1');
      await identify(first.id, null);
      await identify(second.id, 'A-1');
      await expect(opened({ externalId: 'A-1' })).rejects.toMatchObject(taken);
      await expect(identify(anId(), 'A-2')).rejects.toMatchObject({ kind: 'not_found' });
    });

    it('shows a candidate to those who see a job they applied for', async () => {
      const { jobId, candidateId } = await opened();
      const { candidates } = fixture;
      const seen = [
        await candidates.seenBy(caller('standard'), candidateId),
        await candidates.seenBy(caller('standard', { kind: 'all_but', jobIds: [jobId] }), candidateId),
        await candidates.seenBy(caller('limited', { kind: 'only', jobIds: [jobId] }), candidateId),
        await candidates.seenBy(caller('limited', { kind: 'only', jobIds: [] }), candidateId),
      ];
      expect(seen).toEqual([true, false, true, false]);
    });

    it('shows a candidate without applications to those who create records, and unknown ones to none', async () => {
      const candidateId = await fixture.aCandidate(teamId);
      const { candidates } = fixture;
      const seen = [
        await candidates.seenBy(caller('standard'), candidateId),
        await candidates.seenBy(caller('limited', { kind: 'only', jobIds: [] }), candidateId),
        await candidates.seenBy(caller('standard'), anId()),
      ];
      expect(seen).toEqual([true, false, false]);
    });

    describe('imports', () => {
      const job = (externalId: string, more = {}) =>
        fixture.records.job(actor(), externalId, { name: 'Engineer', ...more });
      const candidate = (externalId: string) =>
        fixture.records.candidate(actor(), externalId, { first_name: 'Ada', last_name: 'Lovelace' });
      const application = (externalId: string, fields: Record<string, unknown>) =>
        fixture.records.application(actor(), externalId, fields);

      it('a record once, and tells what it did', async () => {
        const [first, again, changed] = [await job('J-1'), await job('J-1'), await job('J-1', { name: 'Doctor' })];
        expect([first.status, again.status, changed.status]).toEqual(['created', 'unchanged', 'updated']);
        expect([again.id, changed.id]).toEqual([first.id, first.id]);
        expect(await fixture.jobs.exists(teamId, first.id)).toBe(true);
        expect((await job('J-2')).id).not.toBe(first.id);
      });

      it('an application of records that were imported before', async () => {
        await expect(application('A-1', { candidate: 'C-1', job: 'J-1' })).rejects.toMatchObject({
          reason: 'unknown_reference',
        });
        const [{ id: jobId }] = [await job('J-1'), await candidate('C-1')];
        const created = await application('A-1', { candidate: 'C-1', job: 'J-1' });
        expect(created).toMatchObject({ status: 'created', jobId });
        expect(await application('A-1', { candidate: 'C-1', job: 'J-1' })).toMatchObject({
          id: created.id,
          status: 'unchanged',
          jobId,
        });
        expect(await fixture.applications.find(teamId, created.id)).toMatchObject({ jobId, status: 'active' });
        const closed = await application('A-1', { candidate: 'C-1', job: 'J-1', status: 'rejected' });
        expect(closed).toMatchObject({ id: created.id, status: 'updated' });
      });

      it('nothing in a unit of work that fails', async () => {
        const failing = fixture.unitOfWork.run(async () => {
          await job('J-1');
          throw new Error('afterwards');
        });
        await expect(failing).rejects.toThrow('afterwards');
        expect((await job('J-1')).status).toBe('created');
      });
    });
  });
}

export interface AccountFixture {
  packages: Packages;
  connection: ConnectionState;
  anAccount: (
    teamId: string,
    state: 'enabled' | 'action_required' | 'disabled',
    packages: { id: string; name: string; active: boolean }[],
  ) => Promise<void>;
}

/** What plans rely on about the team's accounts with vendors. `anAccount` makes one at Certn. */
export function accountContract(name: string, open: () => AccountFixture): void {
  describe(`${name}: the account`, () => {
    it.each([
      ['enabled', true],
      ['action_required', true],
      ['disabled', false],
    ] as const)('that is %s counts as connected: %s', async (state, connected) => {
      const { connection, anAccount } = open();
      const teamId = anId();
      await anAccount(teamId, state, []);
      const asked = [connection.isConnected(teamId, 'certn'), connection.isConnected(anId(), 'certn')];
      expect(await Promise.all([...asked, connection.isConnected(teamId, 'other')])).toEqual([connected, false, false]);
    });

    it('has packages, active and inactive ones', async () => {
      const { packages, anAccount } = open();
      const teamId = anId();
      const all = [
        { id: 'basic', name: 'Basic', active: true },
        { id: 'old', name: 'Old', active: false },
      ];
      await anAccount(teamId, 'enabled', all);
      const find = (packageId: string) => packages.find(teamId, 'certn', packageId);
      expect([await find('basic'), await find('old'), await find('other')]).toEqual([...all, null]);
    });
  });
}
