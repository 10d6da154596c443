import type { Id } from '#kernel/id';
import { RetentionRules } from '#kernel/retention';

/** Stands behind every round: which candidates are due is asked of it, and of nobody else. */
export abstract class Retention extends RetentionRules {
  /** Takes the teams whose daily round is due: whoever moved the due time does the round. */
  abstract takeDueTeams(now: Date, next: Date, limit: number): Promise<string[]>;
  /** Without those who failed and whose next try is not due. */
  abstract due(teamId: string, now: Date, limit: number): Promise<Id[]>;
  abstract isDue(teamId: string, candidateId: Id, now: Date): Promise<boolean>;
}
