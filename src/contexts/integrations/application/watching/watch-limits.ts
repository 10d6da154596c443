/** How often is looked, and what lists may be believed; set at start. */
export class WatchLimits {
  constructor(
    /** How long a round over the open cases takes, if the budget allows (`SWEEP_SECONDS`). */
    readonly sweepSeconds: number,
    /** How long the vendor's list may lag behind (`ORDER_VISIBILITY_LAG_SECONDS`). */
    readonly visibilityLagSeconds: number,
    readonly callsPerDay: number,
  ) {}
}
