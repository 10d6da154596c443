import type { VendorOrder } from './vendor-order.js';

/** A stretch of the vendor's order times. */
export interface TimeWindow {
  from: Date;
  to: Date;
}

/** A case of ours that every healthy list must show in its window. */
export interface SentinelCase extends TimeWindow {
  caseId: string;
}

/** Orders taken for one look, and when that was: whatever a list does not show from then on was not there. */
export interface Reconciliation {
  at: Date;
  orders: VendorOrder[];
}

/** Orders of which nobody knows whether the vendor has them. All times are the database's (reliability.md 3, rule 7). */
export abstract class UnknownOutcomes {
  /**
   * Takes all orders of this connection that are due to be looked for, in one statement: two who look at the same time never
   * take the same. The n-th wait of `waits` (seconds; the last one again and again) is over when each is due next.
   */
  abstract takeDue(teamId: string, connectionId: string, waits: readonly number[]): Promise<Reconciliation>;
  /** One order that is in doubt, for a look out of turn; its turns stay as they are. */
  abstract takeOne(teamId: string, orderId: string): Promise<Reconciliation>;
  abstract ofConnection(teamId: string, connectionId: string): Promise<VendorOrder[]>;
  /** One more whole list that does not show the order. Null: it is no longer that attempt in doubt. */
  abstract noteAbsence(order: VendorOrder, at: Date): Promise<{ proved: boolean } | null>;
  /**
   * In how many seconds this account's automatic re-sends of the last hour leave room for one more; 0: now. Holds the count for
   * this unit of work.
   */
  abstract roomToResendIn(order: VendorOrder, perHour: number): Promise<number>;
  /** Puts off the next look at an order that waits for that room; it is not too late for it then. */
  abstract waitForRoom(order: VendorOrder, inSeconds: number): Promise<void>;
  /** Whether another undecided order to the same address could have led to the same case. */
  abstract hasRival(order: VendorOrder): Promise<boolean>;
  /** Which of these cases belong to no order. */
  abstract unlinked(host: string, caseIds: readonly string[]): Promise<string[]>;
  /** The youngest case of this connection that is old enough to be believed in, or null when there is none yet. */
  abstract sentinelCase(teamId: string, connectionId: string): Promise<SentinelCase | null>;
  /** Fingerprints of cases that notices named while nobody knew them, since the order's attempt began. */
  abstract unmatchedCases(order: VendorOrder): Promise<string[]>;
}
