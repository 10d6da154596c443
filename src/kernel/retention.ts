import type { Caller } from './caller.js';
import type { Audit, Clock, UnitOfWork } from './ports.js';

/** A team's rule for how long something is kept; `months` null: indefinitely. */
export interface RetentionRule {
  months: number | null;
  /** When it was set or made stricter. It removes nothing in the week after. */
  since: Date;
}

/** The rule after a change. A rule that keeps data longer needs no new week of warning, so `since` stays. */
export function changedRule(present: RetentionRule | null, months: number | null, now: Date): RetentionRule {
  const stricter = months !== null && months < (present?.months ?? Infinity);
  return { months, since: present && !stricter ? present.since : now };
}

/** Stores one kind of rule. A team has one or none. */
export abstract class RetentionRules {
  /** Locks the rule until the transaction ends. */
  abstract ruleOf(teamId: string): Promise<RetentionRule | null>;
  abstract setRule(teamId: string, rule: RetentionRule, nextRun: Date): Promise<void>;
}

/** What `setRetentionRule` needs for either kind of rule. */
export interface RuleSetting {
  unitOfWork: UnitOfWork;
  rules: RetentionRules;
  clock: Clock;
  audit: Audit;
  /** The action of the audit entry. */
  action: string;
}

/** An admin sets the rule of their team. A rule that is set already changes nothing and writes no audit entry. */
export async function setRetentionRule(caller: Caller, months: number | null, setting: RuleSetting): Promise<void> {
  const { unitOfWork, rules, clock, audit, action } = setting;
  const { teamId } = caller;
  caller.require('administer_team');
  await unitOfWork.run(async () => {
    const present = await rules.ruleOf(teamId);
    const before = present?.months ?? null;
    if (before === months) return;
    const now = clock.now();
    await rules.setRule(teamId, changedRule(present, months, now), nextRunAfter(now));
    const entry = { action, entity: 'team', entityId: teamId };
    await audit.record(caller, { ...entry, from: { months: before }, to: { months } });
  });
}

const dayMs = 24 * 3600 * 1000;

/** Admins see what a rule will remove this many days before it does. */
export const warningDays = 7;

/** The end of a preview that starts now. */
export const previewEnd = (now: Date): Date => new Date(now.getTime() + warningDays * dayMs);

/** A team's rule runs once a day. */
export const nextRunAfter = (now: Date): Date => new Date(now.getTime() + dayMs);

/** Seconds between tries of an erasure that fails. The last value repeats for as long as it fails. */
export const retryGaps: readonly number[] = [60, 300, 1800, 7200, 21_600, 86_400];

/** An erasure that failed, and when it is tried again. */
export interface FailedErasure {
  tries: number;
  first_failed_at: string;
  next_try_at: string;
}
