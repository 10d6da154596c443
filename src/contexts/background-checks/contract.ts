/** What background checks tell the rest of the house. */

/** A recruiter asked for a check. Committed before the vendor hears of it. */
export class CheckRequested {
  static readonly wireName = 'background-checks.check-requested.v1';
  constructor(
    readonly teamId: string,
    readonly checkId: string,
  ) {}
}

/** A check's status, result or failure changed. Ask for its present state. */
export class CheckStatusChanged {
  static readonly wireName = 'background-checks.check-status-changed.v1';
  constructor(
    readonly teamId: string,
    readonly checkId: string,
  ) {}
}

/** Over, and without what it was sent for: another check may be sent in its place. */
export const resendableStatuses = ['not_sent', 'undeliverable', 'expired', 'declined', 'cancelled'] as const;

/** Statuses in which a check is over. In every other one it is under way. */
export const finishedStatuses = [...resendableStatuses, 'complete'] as const;
