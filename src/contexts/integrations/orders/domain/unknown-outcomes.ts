import type { VendorOrder } from './vendor-order.js';

/** A stretch of the vendor's order times. */
export interface TimeWindow {
  from: Date;
  to: Date;
}

/** A known case of ours. A list of its window that does not show it proves nothing. */
export interface SentinelCase extends TimeWindow {
  caseId: string;
}

/** Orders taken for one reconciliation, and when. A list read after `at` that does not show a case counts as absence at `at`. */
export interface Reconciliation {
  at: Date;
  orders: VendorOrder[];
}

/** Orders of unknown outcome: the vendor may have executed them. All times are on the database's clock (docs/reliability.md). */
export abstract class UnknownOutcomes {
  /**
   * Takes all orders of this connection that are due, in one statement, so that two concurrent calls never take the same order.
   * `waits` (seconds): the first one precedes the first reconciliation, each next one the next; the last one repeats.
   */
  abstract takeDue(teamId: string, connectionId: string, waits: readonly number[]): Promise<Reconciliation>;
  /** One order, for a reconciliation outside its schedule; the schedule does not change. */
  abstract takeOne(teamId: string, orderId: string): Promise<Reconciliation>;
  abstract ofConnection(teamId: string, connectionId: string): Promise<VendorOrder[]>;
  /** Counts one more complete list that does not show the order. Null: this attempt's outcome is no longer unknown. */
  abstract noteAbsence(order: VendorOrder, at: Date): Promise<{ proved: boolean } | null>;
  /**
   * Seconds until the account may make one more automatic resend, `perHour` being the limit; 0: now. Locks the count until the
   * unit of work ends.
   */
  abstract resendAllowedInSeconds(order: VendorOrder, perHour: number): Promise<number>;
  /** Postpones the reconciliation of an order that waits for its resend, and resets its count, so that it does not time out. */
  abstract postponeResend(order: VendorOrder, inSeconds: number): Promise<void>;
  /** Whether another undecided order to the same address could have created the same case. */
  abstract hasRival(order: VendorOrder): Promise<boolean>;
  /** Which of these cases belong to no order. */
  abstract unlinked(host: string, caseIds: readonly string[]): Promise<string[]>;
  /** The newest case of this connection that is old enough for every list to show it; null when there is none yet. */
  abstract sentinelCase(teamId: string, connectionId: string): Promise<SentinelCase | null>;
  /** Fingerprints of the unmatched cases that webhook events have named since the order's attempt began. */
  abstract unmatchedCases(order: VendorOrder): Promise<string[]>;
}
