import type { Caller } from './caller.js';
import type { Audit, Clock, UnitOfWork } from './ports.js';

/** A team's rule about how long something is kept; `months` null: for ever. */
export interface RetentionRule {
  months: number | null;
  /** When it was set or made stricter: for a week from then on it takes nothing. */
  since: Date;
}

/** The rule after a change. One that lets data be kept longer surprises nobody. */
export function changedRule(present: RetentionRule | null, months: number | null, now: Date): RetentionRule {
  const stricter = months !== null && months < (present?.months ?? Infinity);
  return { months, since: present && !stricter ? present.since : now };
}

/** Keeps one kind of rule: a team has one or none. */
export abstract class RetentionRules {
  /** Held until the transaction ends. */
  abstract ruleOf(teamId: string): Promise<RetentionRule | null>;
  abstract setRule(teamId: string, rule: RetentionRule, nextTask: Date): Promise<void>;
}

/** What setting a rule takes, whichever it is. */
export interface RuleSetting {
  unitOfWork: UnitOfWork;
  rules: RetentionRules;
  clock: Clock;
  audit: Audit;
  /** Of the audit entry. */
  action: string;
}

/** An administrator sets the rule of their team. What is the rule already changes nothing and leaves no entry. */
export async function setRetentionRule(caller: Caller, months: number | null, setting: RuleSetting): Promise<void> {
  const { unitOfWork, rules, clock, audit, action } = setting;
  const { teamId } = caller;
  caller.require('administer_team');
  await unitOfWork.run(async () => {
    const present = await rules.ruleOf(teamId);
    const before = present?.months ?? null;
    if (before === months) return;
    const now = clock.now();
    await rules.setRule(teamId, changedRule(present, months, now), nextTaskAfter(now));
    const entry = { action, entity: 'team', entityId: teamId };
    await audit.record(caller, { ...entry, from: { months: before }, to: { months } });
  });
}

const dayMs = 24 * 3600 * 1000;

/** For so many days admins are shown what a rule takes before it does. */
export const warningDays = 7;

/** The end of the preview that begins now. */
export const previewEnd = (now: Date): Date => new Date(now.getTime() + warningDays * dayMs);

/** Every team with a rule has one round a day. */
export const nextTaskAfter = (now: Date): Date => new Date(now.getTime() + dayMs);

/** What cannot be erased is tried again after so many seconds, the last of them for as long as it fails. */
export const retryGaps: readonly number[] = [60, 300, 1800, 7200, 21_600, 86_400];

/** Something that a round could not erase, and when it is tried again. */
export interface FailedErasure {
  tries: number;
  first_failed_at: string;
  next_try_at: string;
}
