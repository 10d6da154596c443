/** Events for this context's own event handlers. */

/**
 * A cancellation was requested for a case at the vendor, and the vendor does not show it cancelled yet. `asked`: how often the vendor
 * was asked so far; `accepted`: whether it ever accepted.
 */
export class CancelOutstanding {
  static readonly wireName = 'background-checks.cancel-outstanding.v1';
  constructor(
    readonly teamId: string,
    readonly checkId: string,
    readonly asked: number,
    readonly accepted: boolean,
  ) {}
}

/** A check does not show the state of its order or case, and no job is left that would update it. */
export class CheckFellBehind {
  static readonly wireName = 'background-checks.check-fell-behind.v1';
  constructor(
    readonly teamId: string,
    readonly checkId: string,
  ) {}
}

/** The daily removal of results by a team's rule is due. */
export class ResultRetentionDue {
  static readonly wireName = 'background-checks.result-retention-due.v1';
  constructor(readonly teamId: string) {}
}
