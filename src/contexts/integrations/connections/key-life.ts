const dayMs = 24 * 3600 * 1000;

/** How long an API key works after it was created at the vendor (docs/certn-api.md 1.2). We only know when it was saved here. */
export const keyLifeDays = 365;
/** Days before the end from which admins and operators are warned. */
export const keyWarningDays = 30;

export const keyExpiresAt = (savedAt: string | Date): Date =>
  new Date(new Date(savedAt).getTime() + keyLifeDays * dayMs);

/** Whole days until the key expires; negative once it has. */
export const keyDaysLeft = (savedAt: string | Date, now: Date): number =>
  Math.floor((keyExpiresAt(savedAt).getTime() - now.getTime()) / dayMs);
