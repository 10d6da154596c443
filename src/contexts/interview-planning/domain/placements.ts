import type { Id } from '#kernel/id';

/** A stage that was found and cannot be removed until the unit of work ends. */
export interface HeldStage {
  id: string;
}

/**
 * Which stage an application is in, or none. Whoever puts one into a stage holds that stage first: its removal waits, sees
 * the application, and is refused.
 */
export abstract class Placements {
  /** null: not a living stage of that job. */
  abstract holdStage(teamId: string, jobId: Id, stageId: Id): Promise<HeldStage | null>;
  abstract holdStageNamed(teamId: string, jobId: Id, name: string): Promise<HeldStage | null>;
  abstract holdFirstStage(teamId: string, jobId: Id): Promise<HeldStage | null>;
  /** The stage that the application is in now; null when it is in none. */
  abstract holdCurrentStage(teamId: string, applicationId: Id): Promise<HeldStage | null>;
  /** Whether anything changed. */
  abstract put(teamId: string, applicationId: Id, jobId: Id, stage: HeldStage | null): Promise<boolean>;
  /** Closed applications leave a stage that is removed. */
  abstract clear(teamId: string, stageId: Id): Promise<void>;
}
