import { RetentionRules } from '#kernel/retention';

/** The rule for how long a team keeps the results of ended checks, and the checks that are due by it. */
export abstract class ResultRetention extends RetentionRules {
  /** Takes the teams whose daily removal is due, by moving the due time. The replica that moved it does the work. */
  abstract takeDueTeams(now: Date, next: Date, limit: number): Promise<string[]>;
  /** Ids of checks that are due, without those that failed and whose next try is not due. */
  abstract due(teamId: string, now: Date, limit: number): Promise<string[]>;
  /** Checked again in the transaction that removes the result, so that a legal hold set at the last moment counts. */
  abstract isDue(teamId: string, checkId: string, now: Date): Promise<boolean>;
  /** The result could not be removed. The next try is planned, and the team's next removal is not later than that. */
  abstract noteFailure(teamId: string, checkId: string, now: Date): Promise<void>;
  abstract noteSuccess(teamId: string, checkId: string): Promise<void>;
}
