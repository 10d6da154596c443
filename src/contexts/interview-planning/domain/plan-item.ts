import type { Id } from '#kernel/id';
import type { Configuration, ItemContent } from './activity-kind.js';

/** One activity of a stage. A removed activity stays stored, because checks that were sent from it refer to it. */
export class PlanItem {
  updatedAt: Date;
  deletedAt: Date | null = null;

  constructor(
    readonly teamId: string,
    readonly id: Id,
    readonly stageId: Id,
    /** The name of its kind (`activities/`). */
    readonly type: string,
    /** Who carries it out; null for kinds that no vendor does. */
    readonly vendor: string | null,
    public name: string,
    public packageId: string | null,
    public packageName: string | null,
    public configuration: Configuration | null,
    readonly createdAt: Date,
  ) {
    this.updatedAt = createdAt;
  }

  get content(): ItemContent {
    const { vendor, name, packageId, packageName, configuration } = this;
    const chosen = packageId === null ? null : { id: packageId, name: packageName ?? packageId };
    return { vendor, name, package: chosen, configuration };
  }

  set content({ name, package: chosen, configuration }: ItemContent) {
    this.name = name;
    this.packageId = chosen?.id ?? null;
    this.packageName = chosen?.name ?? null;
    this.configuration = configuration;
  }
}
