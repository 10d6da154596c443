import type { AttemptLimits, WantedOrder } from './vendor-orders.js';

/** An order that may have been sent in the part of the history that the database lost. */
export interface MarkedOrder {
  teamId: string;
  id: string;
  connectionId: string;
  /** When it is first reconciled; null: a person must decide, because two orders to one address cannot be told apart. */
  reconcileAt: Date | null;
}

/**
 * Orders after a restore or failover. The database shows them as they were in the backup, or at the last change the standby
 * received. An order that was not finished then may be at the vendor by now.
 */
export abstract class RestoredOrders {
  /** Whether this database is the one that was last recorded. */
  abstract isRecorded(): Promise<boolean>;
  /** Inside a unit of work. Until it ends, no other replica does this, and no order is added, claimed or moved. */
  abstract lock(): Promise<void>;
  /**
   * Marks the outcome of every unfinished order as unknown and searches from the order's beginning. Skips attempt numbers, so
   * that a late answer to a lost attempt does not match a later attempt. `wanted`: orders that were requested and may not be
   * in the table yet.
   */
  abstract markAllUnknown(
    wanted: readonly WantedOrder[],
    limits: AttemptLimits,
    firstReconciliationSeconds: number,
  ): Promise<MarkedOrder[]>;
  /** Records this database as the current one; orders may be claimed again. Inside the outermost transaction. */
  abstract record(): Promise<void>;
}
