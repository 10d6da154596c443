import type { Readable } from 'node:stream';

/** Where an account lives. Keys, packages and cases belong to exactly one region and environment. */
export type Region = 'ca' | 'uk' | 'au';
export type Environment = 'production' | 'sandbox';

/** What a call needs to act for one vendor account. Never logged, never put into an error. */
export interface Credentials {
  region: Region;
  environment: Environment;
  apiKey: string;
  /** Announces every request of a call beyond its first (a read that is repeated, a further page); throws when it may not be. */
  beforeExtraRequest?: () => Promise<void>;
}

/** A set of checks the customer put together at the vendor; read-only for us. */
export interface VendorPackage {
  id: string;
  name: string;
  active: boolean;
}

/**
 * Where a case stands, in words no vendor owns. `unknown` is a word of the vendor that this code was not taught:
 * never final, never guessed; the vendor's own word is in `VendorCase.vendorStatus`.
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

/** Nothing more is to come, unless the vendor reopens it. */
export const endedStates: readonly CaseState[] = ['complete', 'cancelled', 'declined', 'expired', 'undeliverable'];

/** The outcome of a finished case. `unknown`: a score this code was not taught; a person must look. */
export const caseResults = ['clear', 'review', 'reject', 'not_applicable', 'restricted', 'unknown'] as const;
export type CaseResult = (typeof caseResults)[number];

/** One case as the vendor shows it now. Everything but `id`, `state` and `vendorStatus` may be missing. */
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
 * Why a read, a cancel or a report did not work, typed by what the caller can do:
 * `retry` later (`retryAfterMs` when the vendor named a pause) · `fix` the connection (key refused, wrong host or path) ·
 * `give_up` (the vendor refuses this request for good, or what it sent can never be used).
 * `message` is safe to show a person: vendor words are shortened and stripped, secrets never occur.
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
 * `placed` the vendor opened this case · `refused` the vendor said no and created nothing ·
 * `not_sent` nothing left this machine, or (`reached`) the vendor said it did not execute (throttled): safe to try again ·
 * `not_executed` the vendor turned the call away before executing it (key refused, redirect): the connection needs a person ·
 * `in_doubt` it may have happened: must never be sent again before it is proved absent.
 */
export type OrderOutcome =
  | { kind: 'placed'; case: VendorCase }
  | { kind: 'refused'; message: string }
  | { kind: 'not_sent'; message: string; retryAfterMs: number | null; reached?: true }
  | { kind: 'not_executed'; reason: 'key_refused' | 'misdirected'; message: string }
  | { kind: 'in_doubt'; message: string };

/** A message from the vendor, reduced to what may be believed before re-reading the case. */
export interface VendorWebhookEvent {
  /** null when the vendor sent none: then there is nothing to recognise a repetition by. */
  eventId: string | null;
  eventType: string;
  /** null when the notice is about something that is not a case. */
  caseId: string | null;
}

/** Which orders to look for. Times are the vendor's order times; `from` inclusive, `to` exclusive. */
export interface OrderSearch {
  email?: string;
  from?: Date;
  to?: Date;
  /** Only cases that are in one of these of the vendor's states (empty: all). */
  states?: CaseState[];
}

export type ReportState = { state: 'pending' } | { state: 'failed' } | { state: 'ready'; url: string };

/**
 * The screening vendor, as this product needs it. One call here is one request on the wire (lists: one per page), except that
 * reads may be repeated twice on a network error. `placeOrder` makes exactly one request, on a connection of its own.
 * Reads throw `ProviderFailure`. Calls are ended after their time limit; none waits for a budget: that is the caller's duty.
 */
export abstract class ScreeningProvider {
  /** One cheap read with these credentials; resolves when the vendor accepts them, throws `ProviderFailure` otherwise. */
  abstract tryCredentials(credentials: Credentials): Promise<void>;

  /** Every package of the account, active and inactive, all pages. */
  abstract listPackages(credentials: Credentials): Promise<VendorPackage[]>;

  /**
   * Asks the vendor to open a case and to e-mail the candidate. Never throws for anything the wire did. `isOver` is asked once
   * more right before the request leaves: a process that slept past its time sends nothing.
   */
  abstract placeOrder(
    credentials: Credentials,
    order: { packageId: string; email: string },
    limits: { timeoutMs: number; isOver?: () => boolean },
  ): Promise<OrderOutcome>;

  /**
   * All matching cases, page by page to the last; each page costs one call, announced by `beforePage` (which may refuse by
   * throwing). Resolves only when every page was read.
   */
  abstract findOrders(
    credentials: Credentials,
    search: OrderSearch,
    beforePage?: (page: number) => Promise<void>,
  ): Promise<VendorCase[]>;

  abstract readCase(credentials: Credentials, caseId: string): Promise<VendorCase>;

  /** `accepted`: the vendor took the wish; the case says when it is carried out. A refusal carries the vendor's reason. */
  abstract cancelCase(
    credentials: Credentials,
    caseId: string,
  ): Promise<{ kind: 'accepted' } | { kind: 'refused'; message: string }>;

  /** Asks for a report of the case to be made; resolves to the report's id. */
  abstract requestReport(credentials: Credentials, caseId: string): Promise<string>;

  abstract readReport(credentials: Credentials, reportId: string): Promise<ReportState>;

  /**
   * Opens a report's address (from `readReport`) without credentials: only the vendor's own hosts, by https or at the origin of the
   * configured host. Throws `unusable` for other addresses, and for what is no PDF or too large.
   */
  abstract openReport(url: string): Promise<{ stream: Readable; length: number | null }>;

  /** One page of the catch-up feed: what happened after that event (null: from the start), oldest first. */
  abstract readEvents(
    credentials: Credentials,
    afterEventId: string | null,
  ): Promise<{ webhookEvents: VendorWebhookEvent[]; more: boolean }>;

  /** Whether one of these secrets signed exactly these bytes. Constant time per secret; false for anything malformed. */
  abstract verifyWebhook(rawBody: Buffer, signature: string | undefined, secrets: string[]): boolean;

  /** Whether the signature header has the form of one, before any secret is looked up. */
  abstract isSignature(signature: string | undefined): signature is string;

  /** Reads a notice's bytes; null when they are not a notice. Safe on hostile input (depth, `__proto__`, `\u0000`). */
  abstract readWebhook(rawBody: Buffer): VendorWebhookEvent | null;

  /** Signs bytes as the vendor would. For tests and tools. */
  abstract signWebhook(rawBody: Buffer, secret: string): string;

  /** Which of an account's secrets a text must be, going by its form; null when the form does not tell. */
  secretFormOf(_text: string): 'api_key' | 'webhook_secret' | null {
    return null;
  }

  /** The answer to the vendor's handshake, or null when the challenge is not one to be echoed. */
  abstract answerHandshake(challenge: string | string[] | undefined): string | null;

  /** Which installation of the vendor answers for such an account: ids of cases are unique within one. */
  abstract hostOf(account: { region: Region; environment: Environment }): string;

  /** Where people of the customer see their cases at the vendor. */
  abstract portalUrl(region: Region): string;
}
