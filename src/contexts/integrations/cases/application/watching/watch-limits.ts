/** Limits of the scheduled tasks, from the settings. */
export class WatchLimits {
  constructor(
    /** Desired seconds for one sweep over the open cases; more if the rate budget requires it (`SWEEP_SECONDS`). */
    readonly sweepSeconds: number,
    /** How many seconds the vendor's list may lag behind (`ORDER_VISIBILITY_LAG_SECONDS`). */
    readonly visibilityLagSeconds: number,
  ) {}
}
