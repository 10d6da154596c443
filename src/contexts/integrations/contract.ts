import type { Readable } from 'node:stream';

/** What others may ask of integrations, and hear from it. `vendor…` fields hold the vendor's words: shown, never decided by. */

/** Query: how a team's connection stands. `attention`: the vendor refuses our calls, a person must act. */
export class GetConnectionState {
  constructor(readonly teamId: string) {}
}
export interface ConnectionStateFacts {
  state: 'not_connected' | 'enabled' | 'attention' | 'disabled';
  environment: 'production' | 'sandbox' | null;
}

/** Query: one package of the account, by a list of the last minute if possible; null: not in it. Throws `certn_unreachable`. */
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
 * Query that integrations asks and others answer: the ids (`string[]`) of packages that a team's plans name. Integrations
 * knows no plans; unanswered means that none is in use.
 */
export class PackagesInUse {
  constructor(readonly teamId: string) {}
}

/**
 * Query that integrations asks and others answer: the ids (`string[]`) of the orders about these candidates. Integrations
 * knows no candidates; unanswered means that there are none.
 */
export class OrdersAboutCandidates {
  constructor(
    readonly teamId: string,
    readonly candidateIds: readonly string[],
  ) {}
}

/**
 * Query that integrations asks and others answer, right before an order is sent: whether (`boolean`) what it was placed for
 * is still wanted. Unanswered means that it is.
 */
export class MayOrderBeSent {
  constructor(
    readonly teamId: string,
    readonly orderId: string,
  ) {}
}

/** Query that integrations asks and others must answer after a restore, of all teams: orders of which nothing was heard. */
export class UnansweredOrders {}
export type WantedOrderFacts = Readonly<PlaceOrder> & { requestedAt: string };

/** SQL view for other contexts' `views/`: `integrations.pub_package (team_id, id, name, active)`, the last list known. */
export const packageView = 'integrations.pub_package';

/** SQL view: `integrations.pub_order (team_id, id, state, changed_at, case_revision, case_revised_at, confirmed_at)`. */
export const orderView = 'integrations.pub_order';

/**
 * Command: place one paid order, if this order id was never seen before; running it again changes nothing and sends
 * nothing. The order id is the check's id. How it ends arrives as an event.
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
 * Command: do not place this order any more. Answers `withdrawn` when it was not sent and never will be, `too_late` when it
 * is at the vendor or may be: then it is never sent again, and found out. An order that was never seen is remembered as
 * withdrawn.
 */
export class WithdrawOrder {
  constructor(
    readonly teamId: string,
    readonly orderId: string,
  ) {}
}
export type WithdrawAnswer = 'withdrawn' | 'too_late';

/**
 * Command: the candidate was anonymised. The order is never sent (again), its case is cancelled at the vendor as soon as that
 * can be, and then nothing stays that leads to the person or the case; how it ended stays. `OrderErased` says when. Nothing
 * happens for an order that was never seen.
 */
export class EraseOrder {
  constructor(
    readonly teamId: string,
    readonly orderId: string,
  ) {}
}

/**
 * Command: an order whose case has ended is forgotten with all that was read of it, and recognised wherever the vendor names
 * the case again; the vendor is not asked. Answers `false` when the order or its case is not over here: then nothing happens.
 * Joins the transaction.
 */
export class EraseEndedOrder {
  constructor(
    readonly teamId: string,
    readonly orderId: string,
  ) {}
}

/** Command: how the case of an erased order stood is not kept any longer. Joins the transaction. */
export class EraseSnapshot {
  constructor(
    readonly teamId: string,
    readonly orderId: string,
  ) {}
}

/** Query: how an order stands; null when it was never placed. */
export class GetOrder {
  constructor(
    readonly teamId: string,
    readonly orderId: string,
  ) {}
}
export interface OrderFacts {
  state: 'requested' | 'sending' | 'in_doubt' | 'ordered' | 'rejected' | 'needs_decision' | 'withdrawn';
  /** A refusal's sentence, or why it waits; safe to show. */
  message: string | null;
  waitingFor: 'connection_attention' | 'orders_held' | 'resends_of_the_hour' | null;
  caseId: string | null;
  /** In `needs_decision`: the vendor's cases that fit equally well; empty when none was found and absence is not proved. */
  candidates: string[];
  environment: 'production' | 'sandbox';
  portalUrl: string;
}

/**
 * Command: a person says how an order in `needs_decision` ended: `caseId` names its case at the vendor; `sendAgain` says that
 * the vendor does not have it, so that it is ordered anew, or ends as withdrawn when it was cancelled meanwhile. Throws
 * `DomainError`: `nothing_to_decide` (409) in every other state, `unknown_reference` (422 under `case_id`) for a case that is
 * not in the account, belongs to another order or to another address, `integration_not_enabled` (409) and
 * `not_settled_yet` (409, while the vendor may still take the first order) for `sendAgain`,
 * `certn_unreachable` (503), `certn_error` (502), `budget_exhausted` (429).
 */
export class DecideOrder {
  constructor(
    readonly teamId: string,
    readonly orderId: string,
    readonly verdict: { caseId: string } | { sendAgain: true },
  ) {}
}

/** Command: its case was not cancelled though we asked: a finding for admins until it ends. Joins the transaction. */
export class ReportUncancelled {
  constructor(
    readonly teamId: string,
    readonly orderId: string,
  ) {}
}

/** The states of a case in nobody's dialect; `unknown` is never final. */
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

/** Query: the state of an order's case as last read from the vendor. Null before the first reading. */
export class GetCase {
  constructor(
    readonly teamId: string,
    readonly orderId: string,
  ) {}
}
export interface CaseFacts {
  /** null: forgotten with its candidate. */
  caseId: string | null;
  shortId: string | null;
  state: NeutralCaseState;
  result: NeutralResult | null;
  vendorStatus: string;
  vendorScore: string | null;
  environment: 'production' | 'sandbox';
  portalUrl: string;
  /** Grows with every reading that differed; the newer one wins. */
  revision: number;
  /** When the vendor last said so, ISO 8601. */
  confirmedAt: string;
}

/**
 * Command: read this order's case now, within the vendor's budget; while the order is in doubt, look for its case now. Throws `DomainError`: `certn_unreachable` (503),
 * `certn_error` (502), `budget_exhausted` (429). Nothing happens for other orders without a case.
 */
export class RefreshCase {
  constructor(
    readonly teamId: string,
    readonly orderId: string,
  ) {}
}

/**
 * Command: ask the vendor to cancel this order's case, once, now. `accepted`: the case will say so. `no_answer`: asked, not
 * confirmed. `refused` carries the vendor's reason.
 */
export class CancelCase {
  constructor(
    readonly teamId: string,
    readonly orderId: string,
  ) {}
}
export type CancelAnswer = { kind: 'accepted' | 'no_answer' } | { kind: 'refused'; message: string };

/**
 * Command: the vendor's report on this order's case as a stream of `application/pdf`, asked for and waited for up to ten
 * seconds; callers at the same time share one report. Never stored. Throws `DomainError`: `results_not_ready` (503, still
 * being made), `report_failed` (502), `report_unusable` (502: not from the vendor's hosts, no PDF, too large), `too_many_reports`
 * (429), `certn_unreachable` (503), `certn_error` (502). Whoever is given the stream reads it, or destroys it.
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

/** The order stands still: its answer was lost and is being found out, it waits for the connection, or a person must say. */
export class OrderHeldUp {
  static readonly wireName = 'integrations.order-held-up.v1';
  constructor(
    readonly teamId: string,
    readonly orderId: string,
  ) {}
}

/** A case reads differently from before, or was confirmed for the first time. */
export class CaseChanged {
  static readonly wireName = 'integrations.case-changed.v1';
  constructor(
    readonly teamId: string,
    readonly orderId: string,
  ) {}
}

/** Nothing is left of an order that was to be forgotten but how it ended: ask `GetCase` and `GetOrder`. */
export class OrderErased {
  static readonly wireName = 'integrations.order-erased.v1';
  constructor(
    readonly teamId: string,
    readonly orderId: string,
  ) {}
}

/** The connection was enabled, disabled, or needs attention. */
export class ConnectionStateChanged {
  static readonly wireName = 'integrations.connection-state-changed.v1';
  constructor(readonly teamId: string) {}
}
