/** What other contexts may use of background checks. */

/** A recruiter asked for a check. Committed before anything is sent to the vendor. */
export class CheckRequested {
  static readonly wireName = 'background-checks.check-requested.v1';
  constructor(
    readonly teamId: string,
    readonly checkId: string,
  ) {}
}

/** A check's status, result or failure changed. Handlers read its present state. */
export class CheckStatusChanged {
  static readonly wireName = 'background-checks.check-status-changed.v1';
  constructor(
    readonly teamId: string,
    readonly checkId: string,
  ) {}
}

/** Ended without a result. Another check may be sent in its place. */
export const resendableStatuses = ['not_sent', 'undeliverable', 'expired', 'declined', 'cancelled'] as const;

/** Statuses in which a check has ended. In every other one it is in progress. */
export const terminalStatuses = [...resendableStatuses, 'complete'] as const;
