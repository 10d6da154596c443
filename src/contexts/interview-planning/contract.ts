import type { Id } from '#kernel/id';

/** What other contexts may ask of interview planning. */

/**
 * SQL views for other contexts' `views/`:
 * `interview_planning.pub_stage (team_id, id, job_id, name, priority, deleted_at)`
 * `interview_planning.pub_item (team_id, id, stage_id, job_id, kind, vendor, name, package_id, package_name, deleted_at)`: an item
 * with a package orders background checks from its vendor. Its column `type` is for releases before 0.8
 * `interview_planning.pub_placement (team_id, application_id, job_id, stage_id)`
 */
export const stageView = 'interview_planning.pub_stage';
export const itemView = 'interview_planning.pub_item';
export const placementView = 'interview_planning.pub_placement';

/** Query: one activity of a job's plan. Null when unknown in that team; deleted ones are found, with `deleted: true`. */
export class FindPlanItem {
  constructor(
    readonly teamId: string,
    readonly itemId: Id,
  ) {}
}
export interface PlanItemFacts {
  id: Id;
  jobId: Id;
  stageId: Id;
  /** Who carries it out, for kinds that a vendor does. */
  vendor: string | null;
  /** null: this activity orders no background checks. */
  packageId: string | null;
  packageName: string | null;
  deleted: boolean;
}
