import type { ScheduledTaskKind } from './scheduled-tasks.js';

/** Events that stay within integrations: an order or a case wants attention, now or after a while. */

/** An order may be tried now. */
export class OrderDue {
  static readonly wireName = 'integrations.order-due.v1';
  constructor(
    readonly teamId: string,
    readonly orderId: string,
  ) {}
}

/** Somebody said that a case may read differently now. Many such hints become one reading. */
export class CaseReported {
  static readonly wireName = 'integrations.case-reported.v1';
  constructor(
    readonly teamId: string,
    readonly orderId: string,
    /** How often it was looked at again because something was still missing. */
    readonly again: number = 0,
  ) {}
}

/** A case is to be looked at again later. Not coalesced: a far-off look must not swallow a near one. */
export class CaseToReread {
  static readonly wireName = 'integrations.case-to-reread.v1';
  constructor(
    readonly teamId: string,
    readonly orderId: string,
    readonly again: number,
  ) {}
}

/** A case is to be read in a little while, not now, when the calls are scarce. Coalesced: it is never far off. */
export class CaseToReadSoon {
  static readonly wireName = 'integrations.case-to-read-soon.v1';
  constructor(
    readonly teamId: string,
    readonly orderId: string,
    readonly again: number,
    /** ISO 8601: a reading that began later than this makes it needless. */
    readonly unlessReadSince: string,
  ) {}
}

/** A step of a round is due. */
export class TaskDue {
  static readonly wireName = 'integrations.task-due.v1';
  constructor(
    readonly teamId: string,
    readonly connectionId: string,
    readonly kind: ScheduledTaskKind,
  ) {}
}

/** The time has come to look for an order in doubt. Takes all orders of its connection along that are due by then. */
export class OrderToReconcile {
  static readonly wireName = 'integrations.order-to-reconcile.v1';
  constructor(
    readonly teamId: string,
    readonly orderId: string,
  ) {}
}

/**
 * An authentic notice, or the feed, named a case that no order has, while orders of that account were under way. It was kept
 * as an orphan; here stands its fingerprint, because jobs outlive what is forgotten.
 */
export class UnknownCaseSeen {
  static readonly wireName = 'integrations.unknown-case-seen.v2';
  constructor(
    readonly teamId: string,
    readonly connectionId: string,
    readonly caseHash: string,
    /** How often it was looked at again because an order was still being sent. */
    readonly again: number = 0,
  ) {}
}

/** An order of an anonymised candidate is to be forgotten. `again`: how often its case could not be cancelled yet. */
export class OrderToErase {
  static readonly wireName = 'integrations.order-to-erase.v1';
  constructor(
    readonly teamId: string,
    readonly orderId: string,
    readonly again: number = 0,
  ) {}
}
