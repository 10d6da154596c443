/** Events internal to integrations, of orders and of the cases that they opened: there is work to do, now or later. */

/** An order may be attempted now. */
export class OrderDue {
  static readonly wireName = 'integrations.order-due.v1';
  constructor(
    readonly teamId: string,
    readonly orderId: string,
  ) {}
}

/** A case may have changed. Many such hints become one read. */
export class CaseReported {
  static readonly wireName = 'integrations.case-reported.v1';
  constructor(
    readonly teamId: string,
    readonly orderId: string,
    /** How often it was read again because something was still missing. */
    readonly again: number = 0,
  ) {}
}

/** An order of unknown outcome is due for reconciliation. Its handler takes all due orders of the same connection. */
export class OrderToReconcile {
  static readonly wireName = 'integrations.order-to-reconcile.v1';
  constructor(
    readonly teamId: string,
    readonly orderId: string,
  ) {}
}

/**
 * An authentic webhook event, or the feed, named a case that no order has, while orders of that account were in progress. The
 * case id is stored as an unmatched case. The event carries its fingerprint, because jobs outlive erased data.
 */
export class UnknownCaseSeen {
  static readonly wireName = 'integrations.unknown-case-seen.v2';
  constructor(
    readonly teamId: string,
    readonly connectionId: string,
    readonly caseHash: string,
    /** How often it was checked again because an order was still being sent. */
    readonly again: number = 0,
  ) {}
}

/** An order is to be erased. `again`: how many attempts were made before, such as to cancel its case. */
export class OrderToErase {
  static readonly wireName = 'integrations.order-to-erase.v1';
  constructor(
    readonly teamId: string,
    readonly orderId: string,
    readonly again: number = 0,
  ) {}
}
