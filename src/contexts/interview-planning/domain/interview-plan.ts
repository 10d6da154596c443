import { notFound } from '#kernel/errors';
import type { Id } from '#kernel/id';
import type { ItemContent } from './activity-kind.js';
import { stageInUse, tooManyItems, tooManyStages } from './errors.js';
import { mostItems, mostStages } from './limits.js';
import { PlanItem } from './plan-item.js';
import { Stage } from './stage.js';

/** The stages of one job in their order, with their activities. The priorities of stages that are not removed are always 1, 2, 3, … */
export class InterviewPlan {
  updatedAt: Date;
  version = 1;
  private all: Stage[] = [];

  constructor(
    readonly teamId: string,
    readonly jobId: Id,
    readonly createdAt: Date,
  ) {
    this.updatedAt = createdAt;
  }

  /** Adds the stored stages to a loaded plan. For repositories. */
  withStages(stages: Stage[]): this {
    this.all = stages;
    return this;
  }

  /** All stages, removed ones included. For repositories. */
  get allStages(): readonly Stage[] {
    return this.all;
  }

  get stages(): Stage[] {
    return this.all.filter((stage) => stage.deletedAt === null).sort((a, b) => a.priority - b.priority);
  }

  stage(stageId: Id): Stage {
    const stage = this.stages.find((candidate) => candidate.id === stageId);
    if (!stage) throw notFound();
    return stage;
  }

  item(itemId: Id): PlanItem {
    const item = this.stages.flatMap((stage) => stage.currentItems).find((candidate) => candidate.id === itemId);
    if (!item) throw notFound();
    return item;
  }

  /** Without a priority, or with one beyond the end, the stage comes last. */
  addStage(id: Id, name: string, priority: number | undefined, now: Date): Stage {
    const order = this.stages;
    const stage = this.newStage(id, name, now);
    order.splice(indexOf(priority ?? order.length + 1), 0, stage);
    this.arrange(order, now);
    return stage;
  }

  /** Makes a stage. It becomes part of the plan when it is passed to `arrange`. */
  newStage(id: Id, name: string, now: Date): Stage {
    return new Stage(this.teamId, id, this.jobId, name, 0, now);
  }

  /** Puts the stages in this order and adds new ones. Throws `too_many_stages` when the plan would become too long. */
  arrange(order: Stage[], now: Date): void {
    const known = new Set(this.all);
    const joining = order.filter((stage) => !known.has(stage));
    if (joining.length > 0 && order.length > mostStages) throw tooManyStages();
    this.all.push(...joining);
    this.number(order, now);
  }

  renameStage(stageId: Id, name: string, now: Date): void {
    const stage = this.stage(stageId);
    if (stage.name === name) return;
    stage.name = name;
    this.touch(stage, now);
  }

  moveStage(stageId: Id, priority: number, now: Date): void {
    const stage = this.stage(stageId);
    const order = this.stages.filter((other) => other !== stage);
    order.splice(indexOf(priority), 0, stage);
    this.number(order, now);
  }

  /** Removes the stage and its activities. The caller must have locked the stage, so that no application is placed in it meanwhile. */
  removeStage(stageId: Id, activeApplications: number, now: Date): void {
    const stage = this.stage(stageId);
    if (activeApplications > 0) throw stageInUse(activeApplications);
    for (const item of stage.currentItems) this.removeItem(item.id, now);
    stage.deletedAt = now;
    this.touch(stage, now);
    this.number(this.stages, now);
  }

  addItem(stageId: Id, itemId: Id, type: string, content: ItemContent, now: Date): PlanItem {
    const stage = this.stage(stageId);
    if (stage.currentItems.length >= mostItems) throw tooManyItems();
    const { vendor, name, package: chosen, configuration } = content;
    const packageName = chosen?.name ?? null;
    const item = new PlanItem(
      this.teamId,
      itemId,
      stageId,
      type,
      vendor,
      name,
      chosen?.id ?? null,
      packageName,
      configuration,
      now,
    );
    stage.items.push(item);
    this.updatedAt = now;
    return item;
  }

  /** Gives an activity other content. Checks that were sent before keep their package. */
  changeItem(itemId: Id, content: ItemContent, now: Date): void {
    const item = this.item(itemId);
    if (JSON.stringify(item.content) === JSON.stringify(content)) return;
    item.content = content;
    this.touch(item, now);
  }

  removeItem(itemId: Id, now: Date): void {
    const item = this.item(itemId);
    item.deletedAt = now;
    this.touch(item, now);
  }

  private number(order: Stage[], now: Date): void {
    order.forEach((stage, index) => {
      if (stage.priority === index + 1) return;
      stage.priority = index + 1;
      this.touch(stage, now);
    });
    this.updatedAt = now;
  }

  private touch(part: Stage | PlanItem, now: Date): void {
    part.updatedAt = now;
    this.updatedAt = now;
  }
}

const indexOf = (priority: number): number => Math.max(0, priority - 1);
