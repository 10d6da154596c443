import type { AttemptLimits } from '../../domain/vendor-orders.js';

/** What bounds an attempt at an order and the search for a lost one; set at start (`ORDER_…`). */
export class OrderLimits implements AttemptLimits {
  /** Until the first look for a lost order, and from each look to the next; the last again and again. */
  readonly waits: readonly number[];

  constructor(
    readonly timeoutMs: number,
    readonly visibilityLagSeconds: number,
    /** When a lost order is looked for, counted from its loss; growing. */
    moments: readonly number[],
    /** How often an order is sent again by itself: 0 or 1. */
    readonly resends: number,
    /** Of one account. */
    readonly resendsPerHour: number,
    /** How far apart orders leave that wait for the account's turn: as far as its calls of a minute allow. */
    readonly gapSeconds: number,
    /** The operator holds all orders: none is sent. */
    readonly held = false,
  ) {
    this.waits = moments.map((moment, reconciliation) => moment - (moments[reconciliation - 1] ?? 0));
  }

  /** Whether an order that is proved absent is sent again by itself, sooner or later. */
  get mayResend(): boolean {
    return this.resends > 0 && this.resendsPerHour > 0;
  }

  get firstReconciliationSeconds(): number {
    return this.waits[0] ?? 30;
  }
}
