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

const dayMs = 24 * 3600 * 1000;

/** For so many days admins are shown what a rule takes before it does. */
export const warningDays = 7;

/** The end of the preview that begins now. */
export const previewEnd = (now: Date): Date => new Date(now.getTime() + warningDays * dayMs);

/** Every team with a rule has one round a day. */
export const nextRoundAfter = (now: Date): Date => new Date(now.getTime() + dayMs);

/** What cannot be erased is tried again after so many seconds, the last of them for as long as it fails. */
export const retryGaps: readonly number[] = [60, 300, 1800, 7200, 21_600, 86_400];

/** Something that a round could not erase, and when it is tried again. */
export interface FailedErasure {
  tries: number;
  first_failed_at: string;
  next_try_at: string;
}
