import { RetentionRules } from '#kernel/retention';

/** How long a team keeps the results of checks that are over, and which checks that means next. */
export abstract class ResultRetention extends RetentionRules {
  /** Takes the teams whose daily round is due: whoever moved the due time does the round. */
  abstract takeDueTeams(now: Date, next: Date, limit: number): Promise<string[]>;
  /** Ids of checks, without those that failed and whose next try is not due. */
  abstract due(teamId: string, now: Date, limit: number): Promise<string[]>;
  /** Asked once more in the transaction that removes it: a legal hold of the last moment counts. */
  abstract isDue(teamId: string, checkId: string, now: Date): Promise<boolean>;
  /** The result could not be removed: the next try is put off, and the team's next round is not later than that. */
  abstract noteFailure(teamId: string, checkId: string, now: Date): Promise<void>;
  abstract noteSuccess(teamId: string, checkId: string): Promise<void>;
}
