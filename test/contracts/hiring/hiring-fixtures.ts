import type { Id } from '#kernel/id';
import type { UnitOfWork } from '#kernel/ports';
import { Application } from '../../../src/contexts/hiring/domain/application.js';
import { Candidate } from '../../../src/contexts/hiring/domain/candidate.js';
import type { Erasures } from '../../../src/contexts/hiring/domain/erasures.js';
import { Job } from '../../../src/contexts/hiring/domain/job.js';
import type { Applications, Candidates, JobPermissions, Jobs } from '../../../src/contexts/hiring/domain/ports.js';
import type { Retention } from '../../../src/contexts/hiring/domain/retention.js';
import { anId } from '../../fakes/platform.js';

export interface HiringRecordsFixture {
  unitOfWork: UnitOfWork;
  jobs: Jobs;
  candidates: Candidates;
  applications: Applications;
  permissions: JobPermissions;
  erasures: Erasures;
  retention: Retention;
  /** The counted checks of a proof of erasure. */
  countedChecks: (teamId: string, candidateId: Id) => Promise<{ package: string; outcome: string; count: number }[]>;
}

export const created = new Date('2026-01-10T09:00:00Z');

/** Records of one team. */
export class HiringRecords {
  readonly teamId: string = anId();

  constructor(readonly fixture: HiringRecordsFixture) {}

  run<T>(work: () => Promise<T>): Promise<T> {
    return this.fixture.unitOfWork.run(work);
  }

  async aJob(externalId: string | null = null): Promise<Job> {
    const job = new Job(this.teamId, anId(), 'Engineer', null, 'open', false, externalId, created);
    await this.run(() => this.fixture.jobs.save(job));
    return job;
  }

  async aCandidate(externalId: string | null = null, createdAt = created): Promise<Candidate> {
    const addresses = [{ value: 'ada@example.org', is_primary: true }];
    const names = ['Ada', 'Lovelace'] as const;
    const candidate = new Candidate(this.teamId, anId(), ...names, addresses, [], externalId, createdAt);
    await this.run(() => this.fixture.candidates.save(candidate));
    return candidate;
  }

  async anApplication(
    candidateId: Id,
    jobId: Id,
    status: Application['status'] = 'active',
    { externalId = null, at = created }: { externalId?: string | null; at?: Date } = {},
  ): Promise<Application> {
    const application = new Application(this.teamId, anId(), candidateId, jobId, status, externalId, at);
    await this.run(() => this.fixture.applications.save(application));
    return application;
  }
}
