import type { IncomingHttpHeaders } from 'node:http';
import type { Capabilities, Vendor } from '../../src/contexts/integrations/gateway/domain/vendor.js';
import type {
  CaseResult,
  CaseState,
  Credentials,
  OrderToPlace,
} from '../../src/contexts/integrations/gateway/domain/vendor-terms.js';

/** What can go wrong with one call. `taken`: the vendor accepted the order nevertheless. */
export type VendorFault =
  | 'unreachable'
  | 'late'
  | 'taken_then_late'
  | 'taken_then_lost'
  | 'server_error'
  | 'taken_then_server_error'
  | 'throttled_for_7_s'
  | 'throttled_by_someone'
  | 'misdirected'
  | 'nonsense';

export interface Shown {
  state: CaseState;
  vendorStatus: string;
  result?: CaseResult | null;
  vendorScore?: string | null;
}

/** A vendor's words and sample messages. */
export interface Dialect {
  /** Every status that it documents, and one that it does not. */
  states: [string, CaseState][];
  /** Every score, one that it does not document, and none. */
  results: [string | null, CaseResult | null][];
  /** Two statuses of open cases, and the status of a case with a result. */
  opened: Shown;
  started: Shown;
  complete: Shown;
  /** The shapes in which it may send lists. */
  listShapes: string[];
  /** The most cases or packages on one page of a list, and the most events on one page of the feed. */
  pageSize: { list: number; feed: number };
  webhook: {
    /** The headers with which it sends these bytes. */
    signed: (rawBody: Buffer, secret: string) => IncomingHttpHeaders;
    /** Headers without a signature in its form. */
    unsigned: IncomingHttpHeaders[];
    eventType: string;
    /** A message about the case `c-1` with the event id `e-1`, with spaces that a parser would drop. */
    aboutCase: string;
    /** A message with the event id `e-1` about something that is not a case. */
    aboutOther: string;
    /** A message that names a case `c` followed by an escaped NUL. */
    withNul: string;
  };
}

/** An account at the vendor, and the test's control over it. */
export interface AccountFixture {
  credentials: Credentials;
  /** Resolves to a vendor whose next order, or read of a case, fails this way; `none`: no longer. */
  withFault(fault: VendorFault | 'none'): Promise<Vendor>;
  show(caseId: string, shown: Shown): Promise<void>;
  /** A user of the customer creates a case in the vendor's own portal. Only used with `listByTime`. */
  portalCase(email: string, createdAt: Date): Promise<string>;
  /** Number of orders that the vendor accepted. */
  orders(): Promise<number>;
}

export interface VendorFixture {
  vendor: Vendor;
  account(options?: {
    packages?: { id: string; name: string; active: boolean }[];
    /** One of the dialect's. */
    listShape?: string;
    reportsFail?: boolean;
  }): Promise<AccountFixture>;
  stop(): Promise<void>;
}

/** A vendor that the suite is run on. The capabilities choose the cases. */
export interface VendorUnderTest {
  name: string;
  capabilities: Capabilities;
  dialect: Dialect;
  setup(): Promise<VendorFixture>;
}

export const basic = { id: '3a9d6c54-0f0b-4d65-8f53-2f5a5d0a9b10', name: 'Basic', active: true };
export const email = 'ada@example.org';
export const limits = { timeoutMs: 5_000 };

let made = 0;
export function orderFor(fields: Partial<OrderToPlace> = {}): OrderToPlace {
  const orderId = `f2c1a7de-6c0b-4d57-9d6e-${String(++made).padStart(12, '0')}`;
  return { orderId, packageId: basic.id, email, ...fields };
}

export async function anOrder(vendor: Vendor, account: AccountFixture, to = email): Promise<string> {
  const outcome = await vendor.orders.placeOrder(account.credentials, orderFor({ email: to }), limits);
  if (outcome.kind !== 'placed') throw new Error(`The order was ${outcome.kind}: ${outcome.message}`);
  return outcome.case.id;
}

/** A part that the vendor has, because it has the capability. */
export function present<Part>(part: Part | null): Part {
  if (part === null) throw new Error('The vendor has the capability and lacks its part.');
  return part;
}

/** Polls until there is a result. After 10 s it throws an error that starts with `failure`. */
export async function eventually<Result>(failure: string, poll: () => Promise<Result | null>): Promise<Result> {
  const deadline = Date.now() + 10_000;
  while (Date.now() < deadline) {
    const found = await poll();
    if (found !== null) return found;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  throw new Error(`${failure} within 10 s.`);
}
