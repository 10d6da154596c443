import type { Id } from '#kernel/id';
import { Application } from '../../../src/contexts/hiring/domain/application.js';
import { Candidate } from '../../../src/contexts/hiring/domain/candidate.js';
import type { ErasedId } from '../../../src/contexts/hiring/domain/erasures.js';
import { candidateAnonymised } from '../../../src/contexts/hiring/domain/errors.js';
import { Job } from '../../../src/contexts/hiring/domain/job.js';
import { Applications, Candidates, Jobs } from '../../../src/contexts/hiring/domain/ports.js';
import { copyOf, type FakeStore, FakeTable } from '../fake-store.js';

interface Kept {
  teamId: string;
  id: Id;
  externalId: string | null;
  createdAt: Date;
}
type Fields<Of extends Kept> = Kept & Partial<Of>;

const keyOf = (teamId: string, id: string): string => `${teamId}/${id}`;

/** Records of one kind, by copy. A record that was found is locked until the transaction ends, and so is an external id. */
class Records<Of extends Kept> {
  readonly rows: FakeTable<Fields<Of>>;

  constructor(
    private readonly kind: string,
    private readonly tables: HiringTables,
    private readonly made: (row: Of) => Of,
  ) {
    this.rows = new FakeTable(tables.store);
  }

  async find(teamId: string, id: string): Promise<Of | null> {
    await this.tables.store.lock(`${this.kind} ${keyOf(teamId, id)}`);
    const row = this.rows.get(keyOf(teamId, id));
    return row && this.load(row);
  }

  async withExternalId(teamId: string, externalId: string, erased: ErasedId['kind'] | null): Promise<Of | null> {
    await this.tables.store.lock(`${this.kind} of ${teamId} named ${externalId}`);
    const [live] = this.rows.where((row) => row.teamId === teamId && row.externalId === externalId);
    if (live) return this.find(teamId, live.id);
    const recordId = erased && this.tables.erasedIds.get(`${teamId} ${erased} ${externalId}`)?.recordId;
    if (!recordId) return null;
    const found = await this.find(teamId, recordId);
    // After an erasure ledger was replayed, an erased id may belong to a record that this database never had.
    if (!found) throw candidateAnonymised();
    return found;
  }

  save(record: Of): void {
    const { pending: _pending, ...fields } = record as Of & { pending?: unknown };
    this.rows.set(keyOf(record.teamId, record.id), copyOf(fields) as Fields<Of>);
  }

  where(fits: (row: Of) => boolean): Of[] {
    return this.rows.where((row) => fits(row as unknown as Of)) as unknown as Of[];
  }

  load(row: Fields<Of>): Of {
    const whole = row as unknown as Of;
    return Object.assign(this.made(whole), whole);
  }
}

/** The tables of hiring that several repositories share, in memory. */
export class HiringTables {
  readonly erasedIds: FakeTable<ErasedId>;
  readonly jobs: Records<Job>;
  readonly candidates: Records<Candidate>;
  readonly applications: Records<Application>;

  constructor(readonly store: FakeStore) {
    this.erasedIds = new FakeTable(store);
    this.jobs = new Records(
      'job',
      this,
      (one: Job) =>
        new Job(
          one.teamId,
          one.id,
          one.name,
          one.requisitionId,
          one.status,
          one.confidential,
          one.externalId,
          one.createdAt,
        ),
    );
    this.candidates = new Records(
      'candidate',
      this,
      (one: Candidate) =>
        new Candidate(
          ...([one.teamId, one.id, one.firstName, one.lastName, one.emailAddresses, one.phoneNumbers] as const),
          ...([one.externalId, one.createdAt] as const),
        ),
    );
    this.applications = new Records(
      'application',
      this,
      (one: Application) =>
        new Application(one.teamId, one.id, one.candidateId, one.jobId, one.status, one.externalId, one.createdAt),
    );
  }
}

/** Passes the suite of `Jobs`. */
export class FakeJobs extends Jobs {
  constructor(private readonly tables: HiringTables) {
    super();
  }

  find(teamId: string, jobId: Id): Promise<Job | null> {
    return this.tables.jobs.find(teamId, jobId);
  }

  withExternalId(teamId: string, externalId: string): Promise<Job | null> {
    return this.tables.jobs.withExternalId(teamId, externalId, null);
  }

  async save(job: Job): Promise<void> {
    this.tables.jobs.save(job);
  }
}

/** Passes the suite of `Candidates`. */
export class FakeCandidates extends Candidates {
  constructor(private readonly tables: HiringTables) {
    super();
  }

  find(teamId: string, candidateId: Id): Promise<Candidate | null> {
    return this.tables.candidates.find(teamId, candidateId);
  }

  withExternalId(teamId: string, externalId: string): Promise<Candidate | null> {
    return this.tables.candidates.withExternalId(teamId, externalId, 'candidate');
  }

  async save(candidate: Candidate): Promise<void> {
    this.tables.candidates.save(candidate);
  }

  async jobsOf(teamId: string, candidateId: Id): Promise<Id[]> {
    const found = this.tables.applications.where((row) => row.teamId === teamId && row.candidateId === candidateId);
    return [...new Set(found.map(({ jobId }) => jobId))];
  }

  async isAnonymised(teamId: string, candidateId: Id): Promise<boolean> {
    const [found] = this.tables.candidates.where((row) => row.teamId === teamId && row.id === candidateId);
    return found !== undefined && found.anonymisedAt !== null;
  }
}

/** Another application became active at the same moment. */
class Collision extends Error {}

/** Passes the suite of `Applications`. */
export class FakeApplicationRecords extends Applications {
  constructor(private readonly tables: HiringTables) {
    super();
  }

  find(teamId: string, applicationId: Id): Promise<Application | null> {
    return this.tables.applications.find(teamId, applicationId);
  }

  withExternalId(teamId: string, externalId: string): Promise<Application | null> {
    return this.tables.applications.withExternalId(teamId, externalId, 'application');
  }

  async ofCandidate(teamId: string, candidateId: Id): Promise<Application[]> {
    const found = this.tables.applications.where((row) => row.teamId === teamId && row.candidateId === candidateId);
    const loaded: Application[] = [];
    for (const { id } of found.toSorted((one, other) => one.id.localeCompare(other.id))) {
      const application = await this.find(teamId, id);
      if (application) loaded.push(application);
    }
    return loaded;
  }

  async activeOne(teamId: string, candidateId: Id, jobId: Id): Promise<Id | null> {
    const [found] = this.activeOf(teamId, candidateId, jobId).toSorted(
      (one, other) => Number(one.duplicate) - Number(other.duplicate),
    );
    return found?.id ?? null;
  }

  async save(application: Application): Promise<void> {
    const { teamId, candidateId, jobId, id, status, duplicate } = application;
    await this.tables.store.lock(`active application of ${teamId}/${candidateId}/${jobId}`);
    const others = this.activeOf(teamId, candidateId, jobId).filter((one) => one.id !== id && !one.duplicate);
    if (status === 'active' && !duplicate && others.length > 0) throw new Collision('There is an active one.');
    this.tables.applications.save(application);
  }

  private activeOf(teamId: string, candidateId: Id, jobId: Id): Application[] {
    return this.tables.applications.where(
      (row) =>
        row.teamId === teamId && row.candidateId === candidateId && row.jobId === jobId && row.status === 'active',
    );
  }
}
