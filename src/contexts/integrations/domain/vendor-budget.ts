/**
 * What a call is for. `order`: a paid order · `urgent`: what an order or a waiting person depends on (finding out, cancelling,
 * trying a key); both use the share of orders, which nobody else touches · `read`: one case, a list of packages, a report ·
 * `sweep`: open cases through the list · `feed`: the feed of events.
 */
export type Purpose = 'order' | 'urgent' | 'read' | 'sweep' | 'feed';

/** The calls that a vendor account allows, shared by all replicas. */
export abstract class VendorBudget {
  /** Takes one call, or says after how many seconds to ask again. */
  abstract take(
    accountKey: string,
    purpose: Purpose,
  ): Promise<{ taken: true } | { taken: false; retryAfterSeconds: number }>;
}

/** What went wrong last on a connection, for the admin. */
export abstract class CallLog {
  abstract failed(teamId: string, connectionId: string, failure: { reason: string; message: string }): Promise<void>;
}
