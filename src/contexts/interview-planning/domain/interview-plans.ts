import type { Id } from '#kernel/id';
import type { InterviewPlan } from './interview-plan.js';

/** The plans of jobs. A loaded plan is locked until the unit of work ends, so that changes to it run one after another. */
export abstract class InterviewPlans {
  /** A job without stages has an empty plan. */
  abstract ofJob(teamId: string, jobId: Id): Promise<InterviewPlan>;
  /** The job whose plan holds this stage; null for removed and unknown ones. */
  abstract jobOfStage(teamId: string, stageId: Id): Promise<Id | null>;
  abstract locateItem(teamId: string, itemId: Id): Promise<{ jobId: Id; type: string; vendor: string | null } | null>;
  abstract save(plan: InterviewPlan): Promise<void>;
}
