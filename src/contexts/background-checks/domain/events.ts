/** Own news, for this context's own reactions. */

/**
 * Somebody wants a check cancelled that is at the vendor, and the vendor does not show it cancelled yet. `asked`: how often
 * so far; `accepted`: whether the vendor ever agreed.
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

/** A check does not show how its order or case stands, and no job is left that would change that. */
export class CheckFellBehind {
  static readonly wireName = 'background-checks.check-fell-behind.v1';
  constructor(
    readonly teamId: string,
    readonly checkId: string,
  ) {}
}

/** The daily round of a team's rule about results is due. */
export class ResultRetentionDue {
  static readonly wireName = 'background-checks.result-retention-due.v1';
  constructor(readonly teamId: string) {}
}
