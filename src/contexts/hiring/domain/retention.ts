import type { Id } from '#kernel/id';

/** How long a team keeps the candidates whom it rejected; `months` null: for ever. */
export interface RetentionRule {
  months: number | null;
  /** When it was set or made stricter: for a week from then on nobody is anonymised by it. */
  since: Date;
}

/** The rule after a change. One that lets candidates be kept longer surprises nobody. */
export function changedRule(present: RetentionRule | null, months: number | null, now: Date): RetentionRule {
  const stricter = months !== null && months < (present?.months ?? Infinity);
  return { months, since: present && !stricter ? present.since : now };
}

/** Stands behind every round: which candidates are due is asked of it, and of nobody else. */
export abstract class Retention {
  /** Held until the transaction ends. */
  abstract ruleOf(teamId: string): Promise<RetentionRule | null>;
  abstract setRule(teamId: string, rule: RetentionRule, nextRound: Date): Promise<void>;
  /** Takes the teams whose daily round is due: whoever moved the due time does the round. */
  abstract takeDueTeams(now: Date, next: Date, limit: number): Promise<string[]>;
  abstract due(teamId: string, now: Date, limit: number): Promise<Id[]>;
  abstract isDue(teamId: string, candidateId: Id, now: Date): Promise<boolean>;
}
