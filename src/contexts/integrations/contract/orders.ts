/**
 * Command: place one paid order, unless this order id is known; running it again changes nothing and sends nothing. The order
 * id is the check's id. Its outcome arrives as an event.
 */
export class PlaceOrder {
  constructor(
    readonly teamId: string,
    readonly orderId: string,
    readonly vendor: string,
    readonly packageId: string,
    readonly email: string,
  ) {}
}

/**
 * Command: do not place this order. Returns `withdrawn` when it was not sent and never will be, `too_late` when it is or may be
 * at the vendor: then it is not resent, and reconciliation finds its outcome. An unknown order id is stored as withdrawn, as an
 * order of `vendor`.
 */
export class WithdrawOrder {
  constructor(
    readonly teamId: string,
    readonly orderId: string,
    readonly vendor: string,
  ) {}
}
export type WithdrawAnswer = 'withdrawn' | 'too_late';

/**
 * Command: the candidate was anonymised. The order is not sent or resent, and its case is cancelled at the vendor as soon as
 * possible. Then all identifying fields of the person and the case are erased, and `OrderErased` is published; how the case
 * ended stays. Does nothing for an unknown order id.
 */
export class EraseOrder {
  constructor(
    readonly teamId: string,
    readonly orderId: string,
  ) {}
}

/**
 * Command: erase an order whose case has ended, with everything read of it. The case is recognised as erased when the vendor
 * names it again. The vendor is not called. Returns `false`, and does nothing, when the order or its case has not ended. Joins
 * the transaction.
 */
export class EraseEndedOrder {
  constructor(
    readonly teamId: string,
    readonly orderId: string,
  ) {}
}

/** Command: erase the last known state of an erased order's case. Joins the transaction. */
export class EraseSnapshot {
  constructor(
    readonly teamId: string,
    readonly orderId: string,
  ) {}
}

/** Query: the state of an order; null when it was never placed. */
export class GetOrder {
  constructor(
    readonly teamId: string,
    readonly orderId: string,
  ) {}
}
export interface OrderFacts {
  state: 'requested' | 'sending' | 'in_doubt' | 'ordered' | 'rejected' | 'needs_decision' | 'withdrawn';
  /** The refusal, or why the order waits; safe to show. */
  message: string | null;
  waitingFor: 'connection_attention' | 'orders_held' | 'resends_of_the_hour' | null;
  caseId: string | null;
  /** In `needs_decision`: the vendor's cases that fit equally well; empty when none was found and absence is not proved. */
  candidates: string[];
  vendor: { id: string; name: string };
  environment: 'production' | 'sandbox';
  portalUrl: string;
}

/**
 * Command: a person decides an order in `needs_decision`. `caseId` names its case at the vendor. `sendAgain` says that the
 * vendor does not have it: it is sent again, or ends as withdrawn when it was cancelled meanwhile. Throws `DomainError`:
 * `nothing_to_decide` (409) in every other state, `unknown_reference` (422 under `case_id`) for a case that is not in the
 * account, or belongs to another order or address, `integration_not_enabled` (409) and `not_settled_yet` (409, while the
 * vendor may still execute the first order) for `sendAgain`, and what `RefreshCase` throws.
 */
export class DecideOrder {
  constructor(
    readonly teamId: string,
    readonly orderId: string,
    readonly verdict: { caseId: string } | { sendAgain: true },
  ) {}
}

/**
 * Query that integrations asks and another context answers: the ids (`string[]`) of the orders about these candidates. No
 * answer means that there are none.
 */
export class OrdersAboutCandidates {
  constructor(
    readonly teamId: string,
    readonly candidateIds: readonly string[],
  ) {}
}

/**
 * Query that integrations asks and another context answers, right before an order is sent: whether (`boolean`) the order is
 * still wanted. No answer means that it is.
 */
export class MayOrderBeSent {
  constructor(
    readonly teamId: string,
    readonly orderId: string,
  ) {}
}

/** Query that integrations asks after a restore and another context must answer: all teams' orders that were requested and whose placement is not known yet. */
export class UnplacedOrders {}
export type UnplacedOrderFacts = Readonly<PlaceOrder> & { requestedAt: string };

/** SQL view: `integrations.pub_order (team_id, id, state, changed_at, case_revision, case_revised_at, confirmed_at)`. */
export const orderView = 'integrations.pub_order';
