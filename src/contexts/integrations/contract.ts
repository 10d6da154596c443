import type { Readable } from 'node:stream';

/** Queries, commands and events of integrations. `vendor…` fields hold the vendor's words: for display, never for decisions. */

/** The vendor of every check, and of figures over all accounts: neither names its vendor in its rows yet. */
export const onlyVendor = { id: 'certn', name: 'Certn' } as const;

/** Query: the state of a team's connection. `action_required`: the vendor rejects our calls and a person must act. */
export class GetConnectionState {
  constructor(readonly teamId: string) {}
}
export interface ConnectionStateFacts {
  state: 'not_connected' | 'enabled' | 'action_required' | 'disabled';
  environment: 'production' | 'sandbox' | null;
}

/** Query: one package, from a list at most a minute old if possible; null: not in the account. Throws `vendor_unreachable`. */
export class FindPackage {
  constructor(
    readonly teamId: string,
    readonly packageId: string,
  ) {}
}
export interface PackageFacts {
  id: string;
  name: string;
  active: boolean;
}

/**
 * Query that integrations asks and another context answers: the ids (`string[]`) of packages that a team's plans name. No
 * answer means that none is in use.
 */
export class PackagesInUse {
  constructor(readonly teamId: string) {}
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

/** SQL view for other contexts' `views/`: `integrations.pub_package (team_id, id, name, active)`, the last list known. */
export const packageView = 'integrations.pub_package';

/** SQL view: `integrations.pub_order (team_id, id, state, changed_at, case_revision, case_revised_at, confirmed_at)`. */
export const orderView = 'integrations.pub_order';

/**
 * Command: place one paid order, unless this order id is known; running it again changes nothing and sends nothing. The order
 * id is the check's id. Its outcome arrives as an event.
 */
export class PlaceOrder {
  constructor(
    readonly teamId: string,
    readonly orderId: string,
    readonly packageId: string,
    readonly email: string,
  ) {}
}

/**
 * Command: do not place this order. Returns `withdrawn` when it was not sent and never will be, `too_late` when it is or may be
 * at the vendor: then it is not resent, and reconciliation finds its outcome. An unknown order id is stored as withdrawn.
 */
export class WithdrawOrder {
  constructor(
    readonly teamId: string,
    readonly orderId: string,
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

/** Command: a case was not cancelled although we asked. Admins see a discrepancy until the case ends. Joins the transaction. */
export class ReportUncancelled {
  constructor(
    readonly teamId: string,
    readonly orderId: string,
  ) {}
}

/** Vendor-neutral states of a case. `unknown` is never terminal. */
export type NeutralCaseState =
  | 'ordered'
  | 'undeliverable'
  | 'expired'
  | 'invited'
  | 'opened'
  | 'started'
  | 'submitted'
  | 'in_progress'
  | 'candidate_action_required'
  | 'client_action_required'
  | 'in_dispute'
  | 'declined'
  | 'cancelled'
  | 'complete'
  | 'unknown';
export type NeutralResult = 'clear' | 'review' | 'reject' | 'not_applicable' | 'restricted' | 'unknown';

/** Query: the last snapshot of an order's case. Null before the first read. */
export class GetCase {
  constructor(
    readonly teamId: string,
    readonly orderId: string,
  ) {}
}
export interface CaseFacts {
  /** null: erased. */
  caseId: string | null;
  shortId: string | null;
  state: NeutralCaseState;
  result: NeutralResult | null;
  vendorStatus: string;
  vendorScore: string | null;
  environment: 'production' | 'sandbox';
  portalUrl: string;
  /** Grows with every snapshot that differed; the higher one is newer. */
  revision: number;
  /** When the vendor last confirmed this state, ISO 8601. */
  confirmedAt: string;
}

/**
 * Command: read this order's case now, within the rate budget. If the order's outcome is unknown, reconcile it now. Does nothing
 * for other orders without a case. Throws `DomainError`: `vendor_unreachable` (503), `vendor_error` (502), `budget_exhausted` (429).
 */
export class RefreshCase {
  constructor(
    readonly teamId: string,
    readonly orderId: string,
  ) {}
}

/**
 * Command: ask the vendor once, now, to cancel this order's case. `accepted`: the case will show it. `no_answer`: not confirmed.
 * `refused` carries the vendor's reason.
 */
export class CancelCase {
  constructor(
    readonly teamId: string,
    readonly orderId: string,
  ) {}
}
export type CancelAnswer = { kind: 'accepted' | 'no_answer' } | { kind: 'refused'; message: string };

/**
 * Command: the vendor's report on this order's case as a stream of `application/pdf`. Waits up to ten seconds for the vendor;
 * concurrent callers share one report. Never stored. The caller must read or destroy the stream. Throws `DomainError`:
 * `results_not_ready` (503, still being created), `report_failed` (502), `report_unusable` (502: not from the vendor's hosts,
 * not a PDF, too large), `too_many_reports` (429), `vendor_unreachable` (503), `vendor_error` (502).
 */
export class OpenReport {
  constructor(
    readonly teamId: string,
    readonly orderId: string,
  ) {}
}
export interface OpenedReport {
  stream: Readable;
  length: number | null;
}

/** The vendor opened a case for the order. Ask `GetOrder` and `GetCase`. */
export class OrderPlaced {
  static readonly wireName = 'integrations.order-placed.v1';
  constructor(
    readonly teamId: string,
    readonly orderId: string,
  ) {}
}

/** The vendor refused the order for good, or it will not be sent any more. Ask `GetOrder` why. */
export class OrderRefused {
  static readonly wireName = 'integrations.order-refused.v1';
  constructor(
    readonly teamId: string,
    readonly orderId: string,
  ) {}
}

/** The order is held up: its outcome is unknown, it waits for the connection or the operator, or a person must decide. */
export class OrderHeldUp {
  static readonly wireName = 'integrations.order-held-up.v1';
  constructor(
    readonly teamId: string,
    readonly orderId: string,
  ) {}
}

/** A case changed, or was confirmed for the first time. */
export class CaseChanged {
  static readonly wireName = 'integrations.case-changed.v1';
  constructor(
    readonly teamId: string,
    readonly orderId: string,
  ) {}
}

/** An order was erased; only how it ended is left. Ask `GetCase` and `GetOrder`. */
export class OrderErased {
  static readonly wireName = 'integrations.order-erased.v1';
  constructor(
    readonly teamId: string,
    readonly orderId: string,
  ) {}
}

/** The connection was enabled, disabled, or requires action. */
export class ConnectionStateChanged {
  static readonly wireName = 'integrations.connection-state-changed.v1';
  constructor(readonly teamId: string) {}
}
