import type { Connection } from './connection.js';
import type { VendorCase } from './screening-provider.js';

/**
 * What does not add up between the vendor's books and ours. `case_without_order`: the account has a case that no order led
 * to · `order_without_case`: an order led to a case that the account does not have · `cancel_unconfirmed`: a case was to be
 * cancelled, and the vendor never showed it cancelled.
 */
export abstract class Discrepancies {
  /**
   * Of all the cases that the account has from that time, finds those without an order, and forgets findings of that time
   * that are true no longer. Leaves out cases that may be an order's whose answer was lost, this team's or another's.
   */
  abstract reconcileCases(connection: Connection, from: Date, to: Date, listed: VendorCase[]): Promise<void>;
  /** The vendor does not know this order's case. */
  abstract caseIsGone(teamId: string, orderId: string): Promise<void>;
  abstract caseIsUncancelled(teamId: string, orderId: string): Promise<void>;
  abstract caseIsThere(teamId: string, orderIds: string[]): Promise<void>;
  /** Those whose case is known to be gone. */
  abstract goneAmong(teamId: string, orderIds: string[]): Promise<Set<string>>;
}
