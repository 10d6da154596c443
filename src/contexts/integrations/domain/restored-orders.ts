import type { AttemptLimits, WantedOrder } from './vendor-orders.js';

/** An order that may have gone out in the history that the database lost. */
export interface UnknownOrder {
  teamId: string;
  id: string;
  connectionId: string;
  /** When it is looked for first; null: a person must decide, because two orders to one address could not be told apart. */
  reconcileAt: Date | null;
}

/**
 * What a restored database does not know: it shows its orders as they were at the backup, or at what a standby had received.
 * Whatever was not finished then may be at the vendor now.
 */
export abstract class RestoredOrders {
  /** Whether the database is the one that was recorded. */
  abstract isRecorded(): Promise<boolean>;
  /** Inside a unit of work: until its end no other replica does this, and no order is added, claimed or moved. */
  abstract hold(): Promise<void>;
  /**
   * Makes every order that is not finished one of unknown outcome, to be looked for from its beginning, and leaves room for the
   * attempts that were lost, so that no late answer to one of those fits a later attempt. `wanted`: orders that are asked for
   * and may not be here yet.
   */
  abstract markAllUnknown(
    wanted: readonly WantedOrder[],
    limits: AttemptLimits,
    firstReconciliationSeconds: number,
  ): Promise<UnknownOrder[]>;
  /** From now on orders may be claimed. Inside the outermost transaction. */
  abstract record(): Promise<void>;
}
