import type { Caller } from '#kernel/caller';
import { DomainError, unknownReference } from '#kernel/errors';
import type { Id } from '#kernel/id';
import type { Actor } from '#kernel/ports';
import {
  type Application,
  Applications,
  Candidates,
  type ImportedRecord,
  ImportedRecords,
  type ImportStatus,
  Jobs,
  type Status,
} from '../../../src/contexts/interview-planning/domain/applications.js';
import {
  ConnectionState,
  Packages,
  type PlanVendor,
  PlanVendors,
} from '../../../src/contexts/interview-planning/domain/packages.js';
import type { ChosenPackage } from '../../../src/contexts/interview-planning/domain/activity-kind.js';
import { type FakeStore, FakeTable } from '../fake-store.js';
import { anId } from '../platform.js';

type Row = Application & { teamId: string; candidateId: Id; externalId: string | null };

/** Hiring: jobs, candidates and applications of teams. Each is a port of its own here, and one context there. */
export class FakeHiring {
  readonly jobIds = new Set<string>();
  private readonly candidateIds = new Set<string>();
  readonly rows: FakeTable<Row>;
  readonly imported: FakeTable<{ id: Id; jobId: Id | null; fields: string }>;

  constructor(store: FakeStore) {
    this.rows = new FakeTable(store);
    this.imported = new FakeTable(store);
  }

  aJob(teamId: string): Id {
    const id = anId();
    this.jobIds.add(`${teamId}/${id}`);
    return id;
  }

  aCandidate(teamId: string): Id {
    const id = anId();
    this.candidateIds.add(`${teamId}/${id}`);
    return id;
  }

  isCandidate(teamId: string, id: Id): boolean {
    return this.candidateIds.has(`${teamId}/${id}`);
  }

  application(teamId: string, id: Id): Row | null {
    return this.rows.get(`${teamId}/${id}`);
  }
}

export class FakeApplications extends Applications {
  constructor(private readonly hiring: FakeHiring) {
    super();
  }

  async find(teamId: string, applicationId: Id): Promise<Application | null> {
    const found = this.hiring.application(teamId, applicationId);
    return found && { id: found.id, jobId: found.jobId, status: found.status };
  }

  async open({ teamId }: Caller, id: Id, candidateId: Id, jobId: Id, externalId: string | null): Promise<void> {
    if (!this.hiring.isCandidate(teamId, candidateId)) throw unknownReference('candidate_id');
    if (!this.hiring.jobIds.has(`${teamId}/${jobId}`)) throw unknownReference('job_id');
    this.mustBeFree(teamId, externalId);
    this.mustBeTheOnlyActive(teamId, candidateId, jobId);
    this.hiring.rows.set(`${teamId}/${id}`, { teamId, id, candidateId, jobId, status: 'active', externalId });
  }

  async identify({ teamId }: Caller, id: Id, externalId: string | null): Promise<void> {
    const found = this.hiring.application(teamId, id);
    if (!found) throw new DomainError('not_found', 'not_found', 'Not found.');
    if (externalId !== found.externalId) this.mustBeFree(teamId, externalId);
    this.hiring.rows.set(`${teamId}/${id}`, { ...found, externalId });
  }

  private mustBeFree(teamId: string, externalId: string | null): void {
    const others = this.hiring.rows.where((row) => row.teamId === teamId && row.externalId === externalId);
    if (externalId !== null && others.length > 0) throw new DomainError('conflict', 'already_taken', 'It is taken.');
  }

  async changeStatus({ teamId }: Actor, id: Id, status: Status): Promise<void> {
    const found = this.hiring.application(teamId, id);
    if (!found) throw new DomainError('not_found', 'not_found', 'Not found.');
    if (status === 'active' && found.status !== 'active')
      this.mustBeTheOnlyActive(teamId, found.candidateId, found.jobId);
    this.hiring.rows.set(`${teamId}/${id}`, { ...found, status });
  }

  private mustBeTheOnlyActive(teamId: string, candidateId: Id, jobId: Id): void {
    const other = this.hiring.rows.where(
      (row) =>
        row.teamId === teamId && row.candidateId === candidateId && row.jobId === jobId && row.status === 'active',
    );
    if (other.length > 0) throw new DomainError('conflict', 'already_applied', 'This candidate has applied already.');
  }
}

export class FakeJobs extends Jobs {
  constructor(private readonly hiring: FakeHiring) {
    super();
  }

  async exists(teamId: string, jobId: Id): Promise<boolean> {
    return this.hiring.jobIds.has(`${teamId}/${jobId}`);
  }
}

export class FakeCandidates extends Candidates {
  constructor(private readonly hiring: FakeHiring) {
    super();
  }

  async seenBy(caller: Caller, candidateId: Id): Promise<boolean> {
    if (!this.hiring.isCandidate(caller.teamId, candidateId)) return false;
    const applied = this.hiring.rows.where((row) => row.teamId === caller.teamId && row.candidateId === candidateId);
    return applied.length > 0 ? applied.some(({ jobId }) => caller.sees(jobId)) : caller.can('create_records');
  }
}

export class FakeImportedRecords extends ImportedRecords {
  constructor(private readonly hiring: FakeHiring) {
    super();
  }

  async job(actor: Actor, externalId: string, fields: Record<string, unknown>): Promise<ImportedRecord> {
    return this.take(actor, 'job', externalId, fields, () => this.hiring.aJob(actor.teamId));
  }

  async candidate(actor: Actor, externalId: string, fields: Record<string, unknown>): Promise<ImportedRecord> {
    return this.take(actor, 'candidate', externalId, fields, () => this.hiring.aCandidate(actor.teamId));
  }

  async application(
    actor: Actor,
    externalId: string,
    fields: Record<string, unknown>,
  ): Promise<ImportedRecord & { jobId: Id }> {
    const { teamId } = actor;
    const named = (kind: 'job' | 'candidate'): Id => {
      const found = this.hiring.imported.get(`${teamId}/${kind}/${String(fields[kind])}`);
      if (!found) throw unknownReference(kind);
      return found.id;
    };
    const [candidateId, jobId] = [named('candidate'), named('job')];
    const { id, status } = this.take(actor, 'application', externalId, fields, anId);
    const given = (fields.status ?? 'active') as Status;
    this.hiring.rows.set(`${teamId}/${id}`, { teamId, id, candidateId, jobId, status: given, externalId });
    return { id, status, jobId };
  }

  private take(
    { teamId }: Actor,
    kind: string,
    externalId: string,
    given: Record<string, unknown>,
    make: () => Id,
  ): { id: Id; status: ImportStatus } {
    const key = `${teamId}/${kind}/${externalId}`;
    const known = this.hiring.imported.get(key);
    const fields = JSON.stringify(given);
    const id = known?.id ?? make();
    this.hiring.imported.set(key, { id, jobId: null, fields });
    return { id, status: !known ? 'created' : known.fields === fields ? 'unchanged' : 'updated' };
  }
}

/** The vendor accounts of teams, by `accountOf`. One that is not listed is not connected and has no packages. */
export class FakeAccounts {
  readonly states = new Map<string, 'enabled' | 'action_required' | 'disabled'>();
  readonly packages = new Map<string, (ChosenPackage & { active: boolean })[]>();
}

export const accountOf = (teamId: string, vendor: string): string => `${teamId}/${vendor}`;

export class FakeVendors extends PlanVendors {
  async all(): Promise<PlanVendor[]> {
    return ['Certn', 'Plainscreen'].map((name) => ({
      id: name.toLowerCase(),
      name,
      activityLabel: `${name} background check`,
      activityName: `Send ${name} background check`,
    }));
  }
}

export class FakePackages extends Packages {
  constructor(
    private readonly accounts: FakeAccounts,
    private readonly store: FakeStore,
  ) {
    super();
  }

  async find(teamId: string, vendor: string, packageId: string): Promise<(ChosenPackage & { active: boolean }) | null> {
    if (this.store.isInTransaction) throw new Error('The vendor is not called inside a unit of work.');
    return this.accounts.packages.get(accountOf(teamId, vendor))?.find(({ id }) => id === packageId) ?? null;
  }
}

export class FakeConnectionState extends ConnectionState {
  constructor(private readonly accounts: FakeAccounts) {
    super();
  }

  async isConnected(teamId: string, vendor: string): Promise<boolean> {
    return ['enabled', 'action_required'].includes(
      this.accounts.states.get(accountOf(teamId, vendor)) ?? 'not_connected',
    );
  }
}
