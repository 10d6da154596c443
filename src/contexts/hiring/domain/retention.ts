import type { Id } from '#kernel/id';
import { RetentionRules } from '#kernel/retention';

/** The single source for which candidates are due. Every retention run asks it. */
export abstract class Retention extends RetentionRules {
  /** Takes the teams whose daily run is due and moves their due time to `next`. No other replica takes them again. */
  abstract takeDueTeams(now: Date, next: Date, limit: number): Promise<string[]>;
  /** Leaves out candidates that failed and whose next try is not due. */
  abstract due(teamId: string, now: Date, limit: number): Promise<Id[]>;
  abstract isDue(teamId: string, candidateId: Id, now: Date): Promise<boolean>;
}
