import type { IncomingHttpHeaders } from 'node:http';
import type { Readable } from 'node:stream';
import type {
  AccountPlace,
  CancelOutcome,
  Credentials,
  Environment,
  OrderOutcome,
  OrderSearch,
  OrderToPlace,
  ReportState,
  VendorCase,
  VendorPackage,
  VendorWebhookEvent,
} from './vendor-terms.js';

/**
 * The port to a screening vendor, split by what a vendor can do.
 *
 * For every part: one call is one request on the wire (lists: one per page), except that reads are retried up to twice on a
 * network error. `placeOrder` makes exactly one request, on a TCP connection of its own. Everything but `placeOrder` throws
 * `VendorFailure`. Every call has a time limit. No call waits for the rate budget: the caller takes from the budget first.
 */

/** A vendor's accounts: their keys and their packages. */
export interface AccountPart {
  /** One cheap read with these credentials. Resolves when the vendor accepts them, throws `VendorFailure` otherwise. */
  tryCredentials(credentials: Credentials): Promise<void>;
  /** Every package of the account, active and inactive, all pages. */
  listPackages(credentials: Credentials): Promise<VendorPackage[]>;
  /** The vendor's host for such an account. No other vendor has it. Case ids are unique per host. */
  hostOf(account: AccountPlace): string;
  /** Where the customer's users see their cases at the vendor. */
  portalUrl(region: string): string;
  /** Which kind of secret a text is, by its form; null when the form does not tell. */
  secretFormOf(text: string): 'api_key' | 'webhook_secret' | null;
  /** Why a key that was entered for this place may have been rejected: one sentence or two for an admin. */
  whyKeyRejected(account: AccountPlace): string;
}

export interface OrdersPart {
  /**
   * Asks the vendor to open a case and to invite the candidate. Network and vendor errors are part of the outcome, not thrown.
   * `isOver` is checked right before the request leaves, so that a process that slept past its time limit sends nothing.
   */
  placeOrder(
    credentials: Credentials,
    order: OrderToPlace,
    limits: { timeoutMs: number; isOver?: () => boolean },
  ): Promise<OrderOutcome>;
}

export interface CasesPart {
  readCase(credentials: Credentials, caseId: string): Promise<VendorCase>;
}

/** With the capability `cancellation`. */
export interface CancellationPart {
  /** `accepted`: the vendor took the request; the case shows when it is cancelled. A refusal carries the vendor's reason. */
  cancelCase(credentials: Credentials, caseId: string): Promise<CancelOutcome>;
}

/** With the capability `listByTime`. */
export interface ListPart {
  /**
   * All matching cases, page by page. Each page costs one call; `beforePage` is called first and may refuse by throwing.
   * Resolves only when every page was read.
   */
  findOrders(
    credentials: Credentials,
    search: OrderSearch,
    beforePage?: (page: number) => Promise<void>,
  ): Promise<VendorCase[]>;
}

/** With the capability `eventsFeed`. */
export interface FeedPart {
  /** One page of the events feed: the events after that one (null: from the start), oldest first. */
  readEvents(
    credentials: Credentials,
    afterEventId: string | null,
  ): Promise<{ webhookEvents: VendorWebhookEvent[]; more: boolean }>;
}

/** With the capability `reportDownload`. */
export interface ReportsPart {
  /** Asks the vendor to create a report of the case; resolves to the report's id. */
  requestReport(credentials: Credentials, caseId: string): Promise<string>;
  readReport(credentials: Credentials, reportId: string): Promise<ReportState>;
  /**
   * Opens a report's URL (from `readReport`) without credentials. Accepts only the vendor's own hosts, by https or at the origin
   * of the configured host. Throws `unusable` for other URLs, for anything that is not a PDF, and for files that are too large.
   */
  openReport(url: string): Promise<{ stream: Readable; length: number | null }>;
}

export interface WebhooksPart {
  /** The path of the webhook endpoint, the same for all teams. It is registered at the vendor, so it never changes. */
  readonly path: string;
  /** The signature in a request's headers; null when none is there in the vendor's form. Checked before any secret is looked up. */
  signatureIn(headers: IncomingHttpHeaders): string | null;
  /** Whether one of these secrets signed exactly these bytes. Constant time per secret; false for malformed input. */
  verifyWebhook(rawBody: Buffer, signature: string, secrets: string[]): boolean;
  /** Parses a webhook body; null when it is not a webhook event. Safe on hostile input (depth, `__proto__`, `\u0000`). */
  readWebhook(rawBody: Buffer): VendorWebhookEvent | null;
}

/** With the capability `handshake`. */
export interface HandshakePart {
  /** The answer to the vendor's webhook handshake; null when the challenge must not be echoed. */
  answerHandshake(challenge: string | string[] | undefined): string | null;
}

/** What a vendor may be able to do beyond opening cases, reading them and announcing changes by webhook. */
export interface Capabilities {
  /**
   * It recognises an order's id for at least a day: the same order sent twice opens one case, and both answers name it. So an
   * order that it took is never refused when it comes again.
   */
  idempotentOrders: boolean;
  /** It lists an account's cases by the time at which they were ordered. */
  listByTime: boolean;
  /** It keeps the events that its webhooks announce. */
  eventsFeed: boolean;
  /** It calls the webhook address with a challenge before it accepts the address. */
  handshake: boolean;
  cancellation: boolean;
  reportDownload: boolean;
}

/** Present exactly when the vendor has the capability. */
type Optional<Has extends boolean, Part> = Has extends true ? Part : null;

/** The most calls and orders of one account. */
export interface CallLimits {
  requestsPerMinute: number;
  requestsPerDay: number;
  ordersPerDay: number;
}

/** Everything that the service knows of one vendor. Its parts may be one object. */
export interface Vendor<Can extends Capabilities = Capabilities> {
  /** Stored with each connection, so it never changes. Lower case letters. */
  readonly id: string;
  /** As in sentences to people. */
  readonly name: string;
  /** What plans call a background check of this vendor: in "Add activity", and as the activity's display name. */
  readonly activity: { readonly label: string; readonly displayName: string };
  readonly capabilities: Can;
  /** The first one is the default. Empty when the vendor has none. */
  readonly regions: readonly { id: string; label: string }[];
  /** The first one is the default. */
  readonly environments: readonly [Environment, ...Environment[]];
  /** Days that an API key works after it was created at the vendor; null: until it is revoked. */
  readonly keyLifeDays: number | null;
  readonly limits: CallLimits;
  /** What an admin does to connect, one step a line. */
  setupSteps(webhookUrl: string): string[];
  readonly account: AccountPart;
  readonly orders: OrdersPart;
  readonly cases: CasesPart;
  readonly webhooks: WebhooksPart;
  readonly cancellation: Optional<Can['cancellation'], CancellationPart>;
  readonly list: Optional<Can['listByTime'], ListPart>;
  readonly feed: Optional<Can['eventsFeed'], FeedPart>;
  readonly reports: Optional<Can['reportDownload'], ReportsPart>;
  readonly handshake: Optional<Can['handshake'], HandshakePart>;
}
