import type { Id } from '#kernel/id';

/** A stage that cannot be removed until the unit of work ends. */
export interface LockedStage {
  id: string;
}

/**
 * Which stage an application is in, or none. Lock a stage before an application is put into it. Then a concurrent removal waits,
 * sees the application, and is refused.
 */
export abstract class Placements {
  /** null: that job has no such stage, or it is removed. */
  abstract lockStage(teamId: string, jobId: Id, stageId: Id): Promise<LockedStage | null>;
  abstract lockStageNamed(teamId: string, jobId: Id, name: string): Promise<LockedStage | null>;
  abstract lockFirstStage(teamId: string, jobId: Id): Promise<LockedStage | null>;
  /** The stage that the application is in; null when it is in none. */
  abstract lockCurrentStage(teamId: string, applicationId: Id): Promise<LockedStage | null>;
  /** Whether anything changed. */
  abstract put(teamId: string, applicationId: Id, jobId: Id, stage: LockedStage | null): Promise<boolean>;
  /** Locks a stage that is to be removed against new placements, then counts the active applications in it. */
  abstract lockAndCount(teamId: string, stageId: Id): Promise<number>;
  /** Takes the closed applications out of a stage that is removed. */
  abstract clear(teamId: string, stageId: Id): Promise<void>;
}
