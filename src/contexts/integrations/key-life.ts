const dayMs = 24 * 3600 * 1000;

/** How long an API key works after it was made at the vendor; we know only when it was saved here. (certn-api.md 1.2) */
export const keyLifeDays = 365;
/** From then on everybody who can do something about it is told. */
export const keyWarningDays = 30;

export const keyExpiresAt = (savedAt: string | Date): Date =>
  new Date(new Date(savedAt).getTime() + keyLifeDays * dayMs);

/** Whole days until the key ends; negative once it has. */
export const keyDaysLeft = (savedAt: string | Date, now: Date): number =>
  Math.floor((keyExpiresAt(savedAt).getTime() - now.getTime()) / dayMs);
