import type { Id } from '#kernel/id';
import type { PlanItem } from './plan-item.js';

/** A step of a job's interview plan. A removed stage stays stored with its activities, for the records that refer to it. */
export class Stage {
  updatedAt: Date;
  deletedAt: Date | null = null;
  /** Its activities, oldest first. A removed activity stays in the list until the plan is saved. */
  items: PlanItem[] = [];

  constructor(
    readonly teamId: string,
    readonly id: Id,
    readonly jobId: Id,
    public name: string,
    public priority: number,
    readonly createdAt: Date,
  ) {
    this.updatedAt = createdAt;
  }

  get currentItems(): PlanItem[] {
    return this.items.filter((item) => item.deletedAt === null);
  }
}
