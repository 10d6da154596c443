import type { Readable } from 'node:stream';

/** Where an account lives. Keys, packages and cases belong to exactly one region and environment. */
export type Region = 'ca' | 'uk' | 'au';
export type Environment = 'production' | 'sandbox';

/** What a call needs to act for one vendor account. Must not be logged or put into an error. */
export interface Credentials {
  region: Region;
  environment: Environment;
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
export class ProviderFailure extends Error {
  override readonly name = 'ProviderFailure';
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

/** Filter for the vendor's list of orders. Times are the vendor's order times; `from` is inclusive, `to` exclusive. */
export interface OrderSearch {
  email?: string;
  from?: Date;
  to?: Date;
  /** Only cases in one of these states (empty: all). */
  states?: CaseState[];
}

export type ReportState = { state: 'pending' } | { state: 'failed' } | { state: 'ready'; url: string };

/**
 * The screening vendor. One call is one request on the wire (lists: one per page), except that reads are retried up to twice
 * on a network error. `placeOrder` makes exactly one request, on a TCP connection of its own. Reads throw `ProviderFailure`.
 * Every call has a time limit. No call waits for the rate budget: the caller takes from the budget first.
 */
export abstract class ScreeningProvider {
  /** One cheap read with these credentials. Resolves when the vendor accepts them, throws `ProviderFailure` otherwise. */
  abstract tryCredentials(credentials: Credentials): Promise<void>;

  /** Every package of the account, active and inactive, all pages. */
  abstract listPackages(credentials: Credentials): Promise<VendorPackage[]>;

  /**
   * Asks the vendor to open a case and to e-mail the candidate. Network and vendor errors are part of the outcome, not thrown.
   * `isOver` is checked right before the request leaves, so that a process that slept past its time limit sends nothing.
   */
  abstract placeOrder(
    credentials: Credentials,
    order: { packageId: string; email: string },
    limits: { timeoutMs: number; isOver?: () => boolean },
  ): Promise<OrderOutcome>;

  /**
   * All matching cases, page by page. Each page costs one call; `beforePage` is called first and may refuse by throwing.
   * Resolves only when every page was read.
   */
  abstract findOrders(
    credentials: Credentials,
    search: OrderSearch,
    beforePage?: (page: number) => Promise<void>,
  ): Promise<VendorCase[]>;

  abstract readCase(credentials: Credentials, caseId: string): Promise<VendorCase>;

  /** `accepted`: the vendor took the request; the case shows when it is cancelled. A refusal carries the vendor's reason. */
  abstract cancelCase(
    credentials: Credentials,
    caseId: string,
  ): Promise<{ kind: 'accepted' } | { kind: 'refused'; message: string }>;

  /** Asks the vendor to create a report of the case; resolves to the report's id. */
  abstract requestReport(credentials: Credentials, caseId: string): Promise<string>;

  abstract readReport(credentials: Credentials, reportId: string): Promise<ReportState>;

  /**
   * Opens a report's URL (from `readReport`) without credentials. Accepts only the vendor's own hosts, by https or at the origin
   * of the configured host. Throws `unusable` for other URLs, for anything that is not a PDF, and for files that are too large.
   */
  abstract openReport(url: string): Promise<{ stream: Readable; length: number | null }>;

  /** One page of the events feed: the events after that one (null: from the start), oldest first. */
  abstract readEvents(
    credentials: Credentials,
    afterEventId: string | null,
  ): Promise<{ webhookEvents: VendorWebhookEvent[]; more: boolean }>;

  /** Whether one of these secrets signed exactly these bytes. Constant time per secret; false for malformed input. */
  abstract verifyWebhook(rawBody: Buffer, signature: string | undefined, secrets: string[]): boolean;

  /** Whether the header has the form of a signature. Checked before any secret is looked up. */
  abstract isSignature(signature: string | undefined): signature is string;

  /** Parses a webhook body; null when it is not a webhook event. Safe on hostile input (depth, `__proto__`, `\u0000`). */
  abstract readWebhook(rawBody: Buffer): VendorWebhookEvent | null;

  /** Signs bytes as the vendor does. For tests and tools. */
  abstract signWebhook(rawBody: Buffer, secret: string): string;

  /** Which kind of secret a text is, by its form; null when the form does not tell. */
  secretFormOf(_text: string): 'api_key' | 'webhook_secret' | null {
    return null;
  }

  /** The answer to the vendor's webhook handshake; null when the challenge must not be echoed. */
  abstract answerHandshake(challenge: string | string[] | undefined): string | null;

  /** The vendor's host for such an account. Case ids are unique per host. */
  abstract hostOf(account: { region: Region; environment: Environment }): string;

  /** Where the customer's users see their cases at the vendor. */
  abstract portalUrl(region: Region): string;
}
