import { type AccessLevel, Caller, type JobPermission, type JobScope } from '#kernel/caller';
import type { Id } from '#kernel/id';
import { AddItem, AddItemHandler } from '../../../src/contexts/interview-planning/application/add-item.js';
import { AddStage, AddStageHandler } from '../../../src/contexts/interview-planning/application/add-stage.js';
import { ChangeApplicationHandler } from '../../../src/contexts/interview-planning/application/change-application.js';
import { ChangeItemHandler } from '../../../src/contexts/interview-planning/application/change-item.js';
import { ChangeStageHandler } from '../../../src/contexts/interview-planning/application/change-stage.js';
import { ImportLineHandler } from '../../../src/contexts/interview-planning/application/import-line.js';
import {
  OpenApplication,
  OpenApplicationHandler,
} from '../../../src/contexts/interview-planning/application/open-application.js';
import { PlaceApplication } from '../../../src/contexts/interview-planning/application/place-application.js';
import { RemoveItemHandler } from '../../../src/contexts/interview-planning/application/remove-item.js';
import { RemoveStageHandler } from '../../../src/contexts/interview-planning/application/remove-stage.js';
import { backgroundCheck } from '../../../src/contexts/interview-planning/activities/background_check/background-check.js';
import { interview } from '../../../src/contexts/interview-planning/activities/interview/interview.js';
import {
  type ActivityKind,
  ActivityKinds,
  type ActivityType,
} from '../../../src/contexts/interview-planning/domain/activity-kind.js';
import { FakeStore, FakeUnitOfWork } from '../fake-store.js';
import { anId, FakeAudit, FakeClock, FakeIds } from '../platform.js';
import {
  accountOf,
  FakeAccounts,
  FakeApplications,
  FakeCandidates,
  FakeConnectionState,
  FakeHiring,
  FakeImportedRecords,
  FakeJobs,
  FakePackages,
  FakeVendors,
} from './fake-neighbours.js';
import { FakeInterviewPlans, FakePlacements } from './fake-plans.js';

/** The fields of a request for a new activity. */
export type NewItem = { type: string } & Record<string, unknown>;

class FakeActivityKinds extends ActivityKinds {
  constructor(private readonly kinds: ReadonlyMap<string, ActivityKind>) {
    super();
  }

  find(type: string): ActivityKind | null {
    return this.kinds.get(type) ?? null;
  }

  async offeredTo(teamId: string): Promise<ActivityType[]> {
    const offered: ActivityType[] = [];
    for (const [type, kind] of this.kinds)
      for (const offer of await kind.offers(teamId)) offered.push({ type, label: type, ...offer });
    return offered;
  }
}

/** The use cases of interview planning on fakes, for one team with a job, whose account at Certn has the package `basic`. */
export class World {
  readonly teamId = anId();
  readonly clock = new FakeClock();
  readonly store = new FakeStore();
  readonly unitOfWork = new FakeUnitOfWork(this.store);
  readonly audit = new FakeAudit(this.store);
  readonly hiring = new FakeHiring(this.store);
  readonly accounts = new FakeAccounts();
  readonly plans = new FakeInterviewPlans(this.store, this.clock);
  readonly placements = new FakePlacements(
    this.store,
    this.plans,
    (teamId, applicationId) => this.hiring.application(teamId, applicationId)?.status === 'active',
  );
  readonly applications = new FakeApplications(this.hiring);
  readonly jobs = new FakeJobs(this.hiring);
  readonly connection = new FakeConnectionState(this.accounts);
  readonly packages = new FakePackages(this.accounts, this.store);
  /** The kinds of the registry, on the fake account. */
  readonly kinds = new FakeActivityKinds(
    new Map<string, ActivityKind>([
      [backgroundCheck.type, new backgroundCheck.Kind(new FakeVendors(), this.connection, this.packages)],
      [interview.type, new interview.Kind()],
    ]),
  );
  private readonly placeApplication = new PlaceApplication(this.placements, this.audit);

  readonly addStage = new AddStageHandler(this.unitOfWork, this.jobs, this.plans, this.audit, this.clock);
  readonly changeStage = new ChangeStageHandler(this.unitOfWork, this.plans, this.audit, this.clock);
  readonly removeStage = new RemoveStageHandler(
    ...([this.unitOfWork, this.plans, this.placements, this.audit, this.clock] as const),
  );
  readonly addItem = new AddItemHandler(
    ...([this.unitOfWork, this.plans, this.kinds, this.audit, this.clock] as const),
  );
  readonly changeItem = new ChangeItemHandler(
    ...([this.unitOfWork, this.plans, this.kinds, this.audit, this.clock] as const),
  );
  readonly removeItem = new RemoveItemHandler(this.unitOfWork, this.plans, this.audit, this.clock);
  readonly openApplication = new OpenApplicationHandler(
    ...([this.unitOfWork, this.jobs, new FakeCandidates(this.hiring)] as const),
    ...([this.applications, this.placements, this.placeApplication] as const),
  );
  readonly changeApplication = new ChangeApplicationHandler(
    ...([this.unitOfWork, this.applications, this.placements, this.placeApplication] as const),
  );
  readonly importLine = new ImportLineHandler(
    ...([this.unitOfWork, new FakeImportedRecords(this.hiring), this.plans, this.placements] as const),
    ...([this.placeApplication, this.audit, new FakeIds(), this.clock] as const),
  );
  readonly admin = this.caller('admin');
  readonly recruiter = this.caller('standard');
  readonly jobId = this.hiring.aJob(this.teamId);

  constructor() {
    this.accounts.states.set(accountOf(this.teamId, 'certn'), 'enabled');
    this.accounts.packages.set(accountOf(this.teamId, 'certn'), [
      { id: 'basic', name: 'Basic', active: true },
      { id: 'full', name: 'Full', active: true },
      { id: 'old', name: 'Old', active: false },
    ]);
  }

  caller(level: AccessLevel, grants: [Id, JobPermission[]][] = [], hidden: Id[] = []): Caller {
    const onlyGranted: JobScope = { kind: 'only', jobIds: grants.map(([jobId]) => jobId) };
    const scope: JobScope = level === 'limited' ? onlyGranted : { kind: 'all_but', jobIds: hidden };
    return new Caller(this.teamId, { id: anId(), name: 'Ada' }, level, scope, new Map(grants), []);
  }

  /** Callers who may not change the plan of the job, with the reason why. */
  get strangers(): [Caller, string][] {
    return [
      [this.caller('limited', [[this.jobId, ['view_results', 'send_checks']]]), 'not_allowed'],
      [this.caller('limited'), 'not_found'],
      [this.caller('standard', [], [this.jobId]), 'not_found'],
    ];
  }

  async aStage(name: string, jobId = this.jobId): Promise<Id> {
    const id = anId();
    await this.addStage.execute(new AddStage(this.recruiter, jobId, id, name));
    return id;
  }

  async anItem(stageId: Id, item: NewItem): Promise<Id> {
    const id = anId();
    await this.addItem.execute(new AddItem(this.recruiter, stageId, id, item.type, item));
    return id;
  }

  async anApplication(stageId: Id | null = null, jobId = this.jobId): Promise<Id> {
    const [id, candidateId] = [anId(), this.hiring.aCandidate(this.teamId)];
    await this.openApplication.execute(new OpenApplication(this.recruiter, id, candidateId, jobId, stageId));
    return id;
  }

  /** The names of the job's stages in order. */
  stageNames(jobId = this.jobId): string[] {
    return this.plans.stagesOf(this.teamId, jobId).map(({ name }) => name);
  }

  stageOf(applicationId: Id): string | null {
    return this.placements.stageOf(this.teamId, applicationId);
  }

  /** What was audited since the last call of `forgetAudit`. */
  get audited(): object[] {
    return this.audit.entries
      .slice(this.known)
      .map(({ action, entityId, from, to }) => ({ action, entityId, from, to }));
  }

  forgetAudit(): void {
    this.known = this.audit.entries.length;
  }

  private known = 0;
}
