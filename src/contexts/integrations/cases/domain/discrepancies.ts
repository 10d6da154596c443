import type { Connection } from '../../connections/domain/connection.js';
import type { VendorCase } from '../../gateway/domain/vendor-terms.js';

/**
 * Differences between the vendor's records and ours. `case_without_order`: the account has a case that none of our orders
 * created · `order_without_case`: an order has a case that the account does not have · `cancel_unconfirmed`: we asked to cancel
 * a case, and the vendor never showed it as cancelled.
 */
export abstract class Discrepancies {
  /**
   * Records the cases of that time that have no order, and deletes discrepancies of that time that no longer hold. `listed` is
   * everything the account has of that time. Skips a case that may belong to an order of unknown outcome, of any team.
   */
  abstract reconcileCases(connection: Connection, from: Date, to: Date, listed: VendorCase[]): Promise<void>;
  /** Records that the vendor does not know this order's case. */
  abstract caseIsGone(teamId: string, orderId: string): Promise<void>;
  abstract caseIsUncancelled(teamId: string, orderId: string): Promise<void>;
  abstract caseIsThere(teamId: string, orderIds: string[]): Promise<void>;
  /** The orders among these whose case is known to be gone. */
  abstract goneAmong(teamId: string, orderIds: string[]): Promise<Set<string>>;
}
