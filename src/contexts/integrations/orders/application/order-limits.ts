import type { AttemptLimits } from '../domain/vendor-orders.js';

/** Limits of an attempt and of reconciliation, from the settings (`ORDER_…`). */
export class OrderLimits implements AttemptLimits {
  /** Seconds until the first reconciliation, then from each one to the next; the last value repeats. */
  readonly waits: readonly number[];

  constructor(
    readonly timeoutMs: number,
    readonly visibilityLagSeconds: number,
    /** When an order of unknown outcome is reconciled: growing seconds since its answer was lost. */
    moments: readonly number[],
    /** How often an order is resent automatically: 0 or 1. */
    readonly resends: number,
    /** Maximum of automatic resends per account and hour. */
    readonly resendsPerHour: number,
    /** The operator holds all orders: none is sent. */
    readonly held = false,
  ) {
    this.waits = moments.map((moment, index) => moment - (moments[index - 1] ?? 0));
  }

  /** Whether an order that is proved absent may be resent automatically at all. */
  get mayResend(): boolean {
    return this.resends > 0 && this.resendsPerHour > 0;
  }

  get firstReconciliationSeconds(): number {
    return this.waits[0] ?? 30;
  }
}
