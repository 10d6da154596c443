/** What every vendor's answers are translated into. A vendor's own words stay in its folder. */

export type Environment = 'production' | 'sandbox';

/** Where an account lives. Keys, packages and cases belong to exactly one region and environment. */
export interface AccountPlace {
  /** The id of one of the vendor's regions; empty for a vendor without regions. */
  region: string;
  environment: Environment;
}

/** What a call needs to act for one vendor account. Must not be logged or put into an error. */
export interface Credentials extends AccountPlace {
  apiKey: string;
  /** Called before every request of a call beyond its first (a retried read, a further page). Throws when it is not allowed. */
  beforeExtraRequest?: () => Promise<void>;
}

/** A set of checks that the customer configured at the vendor; read-only for us. */
export interface VendorPackage {
  id: string;
  name: string;
  active: boolean;
}

/**
 * Vendor-neutral state of a case. `unknown`: the vendor used a status that this code does not map. It is never terminal and
 * never guessed; the vendor's own word is in `VendorCase.vendorStatus`.
 */
export const caseStates = [
  'ordered',
  'undeliverable',
  'expired',
  'invited',
  'opened',
  'started',
  'submitted',
  'in_progress',
  'candidate_action_required',
  'client_action_required',
  'in_dispute',
  'declined',
  'cancelled',
  'complete',
  'unknown',
] as const;
export type CaseState = (typeof caseStates)[number];

/** Terminal states: the case does not change any more unless the vendor reopens it. */
export const endedStates: readonly CaseState[] = ['complete', 'cancelled', 'declined', 'expired', 'undeliverable'];

/** The outcome of a completed case. `unknown`: the vendor used a score that this code does not map; a person must check it. */
export const caseResults = ['clear', 'review', 'reject', 'not_applicable', 'restricted', 'unknown'] as const;
export type CaseResult = (typeof caseResults)[number];

/** Snapshot of a case at the vendor. Everything but `id`, `state` and `vendorStatus` may be missing. */
export interface VendorCase {
  id: string;
  shortId: string | null;
  state: CaseState;
  result: CaseResult | null;
  vendorStatus: string;
  vendorScore: string | null;
  email: string | null;
  packageId: string | null;
  createdAt: Date | null;
}

/**
 * Why a read, a cancellation or a report failed, by what the caller can do:
 * `retry` later (`retryAfterMs` when the vendor named a pause) · `fix` the connection (key refused, wrong host or path) ·
 * `give_up` (the vendor will always refuse this request, or its answer is unusable).
 * `message` is safe to show to a person: the vendor's words are shortened and stripped, and it contains no secret.
 */
export class VendorFailure extends Error {
  override readonly name = 'VendorFailure';
  constructor(
    readonly remedy: 'retry' | 'fix' | 'give_up',
    readonly reason:
      | 'unreachable'
      | 'timeout'
      | 'throttled'
      | 'server_error'
      | 'nonsense'
      | 'key_refused'
      | 'misdirected'
      | 'not_found'
      | 'refused'
      | 'unusable'
      | 'not_permitted',
    message: string,
    readonly retryAfterMs: number | null = null,
  ) {
    super(message);
  }
}

/**
 * What is known after one attempt to place a paid order. Classified by wire evidence (did a byte of the request leave?),
 * not by the kind of error:
 * `placed` the vendor opened this case · `refused` the vendor refused and created nothing ·
 * `not_sent` nothing left this machine, or (`reached`) the vendor said it did not execute (throttled): safe to send again ·
 * `not_executed` the vendor rejected the call before executing it (key refused, redirect): the connection requires action ·
 * `outcome_unknown` the vendor may have executed it: the order must not be sent again before it is proved absent.
 */
export type OrderOutcome =
  | { kind: 'placed'; case: VendorCase }
  | { kind: 'refused'; message: string }
  | { kind: 'not_sent'; message: string; retryAfterMs: number | null; reached?: true }
  | { kind: 'not_executed'; reason: 'key_refused' | 'misdirected'; message: string }
  | { kind: 'outcome_unknown'; message: string };

/** An event from the vendor, by webhook or feed, reduced to what can be used before the case is read. */
export interface VendorWebhookEvent {
  /** null when the vendor sent none; a repetition cannot be recognised then. */
  eventId: string | null;
  eventType: string;
  /** null when the event is not about a case. */
  caseId: string | null;
}

/** One order as it is sent to the vendor. */
export interface OrderToPlace {
  /** Our id, a UUID. The same order has the same id in every attempt: the idempotency key, for vendors that know one. */
  orderId: string;
  packageId: string;
  email: string;
}

export type CancelOutcome = { kind: 'accepted' } | { kind: 'refused'; message: string };

/** Filter for the vendor's list of orders. Times are the vendor's order times; `from` is inclusive, `to` exclusive. */
export interface OrderSearch {
  email?: string;
  from?: Date;
  to?: Date;
  /** Only cases in one of these states (empty: all). */
  states?: CaseState[];
}

export type ReportState = { state: 'pending' } | { state: 'failed' } | { state: 'ready'; url: string };
