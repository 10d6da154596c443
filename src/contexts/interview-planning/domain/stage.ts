import type { Id } from '#kernel/id';
import type { PlanItem } from './plan-item.js';

/** A step of a job's interview plan. Removed ones stay, with their activities, for what refers to them. */
export class Stage {
  updatedAt: Date;
  deletedAt: Date | null = null;
  /** What is in it, oldest first; an activity that is removed stays until the plan is stored. */
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

  get livingItems(): PlanItem[] {
    return this.items.filter((item) => item.deletedAt === null);
  }
}
