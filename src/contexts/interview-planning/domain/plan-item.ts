import type { Id } from '#kernel/id';
import { certnItemDisplayName, certnItemType } from '../contract.js';

export type ItemType = 'interview' | typeof certnItemType;

/** What a Certn activity orders. The name is stored because the package may later be missing from the account. */
export interface ChosenPackage {
  readonly id: string;
  readonly name: string;
}

/** One activity of a stage. A removed activity stays stored, because checks that were sent from it refer to it. */
export class PlanItem {
  updatedAt: Date;
  deletedAt: Date | null = null;

  constructor(
    readonly teamId: string,
    readonly id: Id,
    readonly stageId: Id,
    readonly type: ItemType,
    public name: string,
    public packageId: string | null,
    public packageName: string | null,
    readonly createdAt: Date,
  ) {
    this.updatedAt = createdAt;
  }

  static interview(teamId: string, id: Id, stageId: Id, name: string, now: Date): PlanItem {
    return new PlanItem(teamId, id, stageId, 'interview', name, null, null, now);
  }

  static backgroundCheck(teamId: string, id: Id, stageId: Id, chosen: ChosenPackage, now: Date): PlanItem {
    return new PlanItem(teamId, id, stageId, certnItemType, certnItemDisplayName, chosen.id, chosen.name, now);
  }
}
