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

/** Query: a check in its present state, as other systems are told of it. Null when unknown in that team. */
export class FindCheck {
  constructor(
    readonly teamId: string,
    readonly checkId: string,
  ) {}
}
export interface CheckFacts {
  id: string;
  /** Grows with every change of the check. */
  revision: number;
  applicationId: string;
  candidateId: string;
  jobId: string;
  jobStageItemId: string;
  vendor: string;
  package: { id: string; name: string };
  environment: string | null;
  status: string;
  /** ISO 8601, like `requestedAt`. */
  statusChangedAt: string;
  requestedAt: string;
  /** null: there is none, it was removed, or the check was erased. */
  result: string | null;
  /** Why it does not proceed, as in the API. */
  failureReason: string | null;
  /** A person of the team must act before it proceeds. */
  needsAttention: boolean;
}
