/** What a call is for. Orders come first: reads stop while a reserve for orders is left. */
export type Purpose = 'order' | 'read';

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
