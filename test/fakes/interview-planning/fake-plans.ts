import { isDeepStrictEqual } from 'node:util';
import type { Id } from '#kernel/id';
import { InterviewPlan } from '../../../src/contexts/interview-planning/domain/interview-plan.js';
import { InterviewPlans } from '../../../src/contexts/interview-planning/domain/interview-plans.js';
import { PlanItem } from '../../../src/contexts/interview-planning/domain/plan-item.js';
import { type LockedStage, Placements } from '../../../src/contexts/interview-planning/domain/placements.js';
import { Stage } from '../../../src/contexts/interview-planning/domain/stage.js';
import type { Clock } from '#kernel/ports';
import { copyOf, type FakeStore, FakeTable } from '../fake-store.js';

type StageRow = Omit<Stage, 'items' | 'currentItems'>;
type ItemRow = Omit<PlanItem, 'content'>;

const keyOf = (teamId: string, id: string): string => `${teamId}/${id}`;
const stageLock = (teamId: string, stageId: string): string => `stage ${keyOf(teamId, stageId)}`;

/** Passes the suite of `InterviewPlans`. Keeps plans by copy, and removed stages and activities with them. */
export class FakeInterviewPlans extends InterviewPlans {
  private readonly plans: FakeTable<{ createdAt: Date; updatedAt: Date }>;
  private readonly stageRows: FakeTable<StageRow>;
  private readonly itemRows: FakeTable<ItemRow>;

  constructor(
    private readonly store: FakeStore,
    private readonly clock: Clock,
  ) {
    super();
    this.plans = new FakeTable(store);
    this.stageRows = new FakeTable(store);
    this.itemRows = new FakeTable(store);
  }

  async ofJob(teamId: string, jobId: Id): Promise<InterviewPlan> {
    await this.store.lock(`plan ${keyOf(teamId, jobId)}`);
    const key = keyOf(teamId, jobId);
    const now = this.clock.now();
    const { createdAt, updatedAt } = this.plans.get(key) ?? { createdAt: now, updatedAt: now };
    this.plans.set(key, { createdAt, updatedAt });
    const plan = Object.assign(new InterviewPlan(teamId, jobId, createdAt), { updatedAt });
    return plan.withStages(this.stagesOf(teamId, jobId).map((row) => this.toStage(row)));
  }

  async jobOfStage(teamId: string, stageId: Id): Promise<Id | null> {
    const stage = this.stageRows.get(keyOf(teamId, stageId));
    return stage && stage.deletedAt === null ? stage.jobId : null;
  }

  async locateItem(teamId: string, itemId: Id): Promise<{ jobId: Id; type: string; vendor: string | null } | null> {
    const item = this.itemRows.get(keyOf(teamId, itemId));
    const stage = item && this.stageRows.get(keyOf(teamId, item.stageId));
    return item && stage && item.deletedAt === null
      ? { jobId: stage.jobId, type: item.type, vendor: item.vendor }
      : null;
  }

  async save(plan: InterviewPlan): Promise<void> {
    const { teamId, jobId, createdAt, updatedAt } = plan;
    this.plans.set(keyOf(teamId, jobId), { createdAt, updatedAt });
    for (const stage of plan.allStages) {
      const { items, ...row } = stage;
      if (!isDeepStrictEqual(this.stageRows.get(keyOf(teamId, stage.id)), copyOf(row))) {
        await this.store.lock(stageLock(teamId, stage.id));
        this.stageRows.set(keyOf(teamId, stage.id), row);
      }
      for (const item of items) this.itemRows.set(keyOf(teamId, item.id), { ...item });
    }
  }

  /** The stages that are not removed, in their order. */
  stagesOf(teamId: string, jobId: Id): StageRow[] {
    const found = this.stageRows.where((row) => row.teamId === teamId && row.jobId === jobId && row.deletedAt === null);
    return found.toSorted((one, other) => one.priority - other.priority);
  }

  /** The activities of a stage that are not removed, oldest first. */
  itemsOf(teamId: string, stageId: Id): ItemRow[] {
    const found = this.itemRows.where(
      (row) => row.teamId === teamId && row.stageId === stageId && row.deletedAt === null,
    );
    const age = ({ createdAt, id }: ItemRow): string => createdAt.toISOString() + id;
    return found.toSorted((one, other) => (age(one) < age(other) ? -1 : 1));
  }

  stage(teamId: string, stageId: string): StageRow | null {
    return this.stageRows.get(keyOf(teamId, stageId));
  }

  private toStage(row: StageRow): Stage {
    const { teamId, id, jobId, name, priority, createdAt } = row;
    const items = this.itemsOf(teamId, id).map((item) => Object.assign(itemOf(item), item));
    return Object.assign(new Stage(teamId, id, jobId, name, priority, createdAt), row, { items });
  }
}

/** Passes the suite of `Placements`. Which applications are active is the test's to say. */
export class FakePlacements extends Placements {
  private readonly rows: FakeTable<{ teamId: string; applicationId: Id; jobId: Id; stageId: string | null }>;

  constructor(
    private readonly store: FakeStore,
    private readonly plans: FakeInterviewPlans,
    private readonly isActive: (teamId: string, applicationId: Id) => boolean,
  ) {
    super();
    this.rows = new FakeTable(store);
  }

  lockStage(teamId: string, jobId: Id, stageId: Id): Promise<LockedStage | null> {
    return this.lockFirst(teamId, jobId, ({ id }) => id === stageId);
  }

  lockStageNamed(teamId: string, jobId: Id, name: string): Promise<LockedStage | null> {
    return this.lockFirst(teamId, jobId, (stage) => stage.name === name);
  }

  lockFirstStage(teamId: string, jobId: Id): Promise<LockedStage | null> {
    return this.lockFirst(teamId, jobId, () => true);
  }

  async lockCurrentStage(teamId: string, applicationId: Id): Promise<LockedStage | null> {
    const stageId = this.stageOf(teamId, applicationId);
    return stageId === null ? null : this.lockOne(teamId, stageId);
  }

  async put(teamId: string, applicationId: Id, jobId: Id, stage: LockedStage | null): Promise<boolean> {
    const key = keyOf(teamId, applicationId);
    const before = this.rows.get(key);
    const stageId = stage?.id ?? null;
    if (before && before.stageId === stageId) return false;
    this.rows.set(key, { teamId, applicationId, jobId: before?.jobId ?? jobId, stageId });
    return true;
  }

  async clear(teamId: string, stageId: Id): Promise<void> {
    for (const row of this.rows.where((one) => one.teamId === teamId && one.stageId === stageId))
      this.rows.set(keyOf(teamId, row.applicationId), { ...row, stageId: null });
  }

  async lockAndCount(teamId: string, stageId: Id): Promise<number> {
    await this.store.lock(stageLock(teamId, stageId));
    const placed = this.rows.where((row) => row.teamId === teamId && row.stageId === stageId);
    return placed.filter(({ applicationId }) => this.isActive(teamId, applicationId)).length;
  }

  stageOf(teamId: string, applicationId: Id): string | null {
    return this.rows.get(keyOf(teamId, applicationId))?.stageId ?? null;
  }

  private async lockFirst(
    teamId: string,
    jobId: Id,
    fits: (stage: { id: Id; name: string }) => boolean,
  ): Promise<LockedStage | null> {
    const found = this.plans.stagesOf(teamId, jobId).find(fits);
    return found ? this.lockOne(teamId, found.id) : null;
  }

  /** The stage may have been removed while the lock was waited for. */
  private async lockOne(teamId: string, stageId: string): Promise<LockedStage | null> {
    await this.store.lock(stageLock(teamId, stageId), 'shared');
    return this.plans.stage(teamId, stageId)?.deletedAt === null ? { id: stageId } : null;
  }
}

function itemOf(row: ItemRow): PlanItem {
  const { teamId, id, stageId, type, vendor, name, packageId, packageName, configuration, createdAt } = row;
  return new PlanItem(teamId, id, stageId, type, vendor, name, packageId, packageName, configuration, createdAt);
}
