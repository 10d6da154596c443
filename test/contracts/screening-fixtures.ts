import type {
  CaseResult,
  CaseState,
  Credentials,
  ScreeningProvider,
} from '../../src/contexts/integrations/gateway/domain/screening-provider.js';

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

/** An account at the vendor, and the test's control over it. */
export interface AccountFixture {
  credentials: Credentials;
  /** Resolves to a provider whose next order, or read of a case, fails this way. */
  withFault(fault: VendorFault): Promise<ScreeningProvider>;
  show(caseId: string, shown: Shown): Promise<void>;
  /** A user of the customer creates a case in the vendor's own portal. */
  portalCase(email: string, createdAt: Date): Promise<string>;
  /** Number of orders that the vendor accepted. */
  orders(): Promise<number>;
}

export interface ProviderFixture {
  provider: ScreeningProvider;
  account(options?: {
    packages?: { id: string; name: string; active: boolean }[];
    /** Lists in the vendor's second page format. */
    secondPageFormat?: boolean;
    reportsFail?: boolean;
  }): Promise<AccountFixture>;
  stop(): Promise<void>;
}

export const states: [string, CaseState][] = [
  ['DRAFT', 'ordered'],
  ['CASE_ORDERED', 'ordered'],
  ['INVITE_UNDELIVERABLE', 'undeliverable'],
  ['APPLICANT_EXPIRED', 'expired'],
  ['APPLICANT_INVITED', 'invited'],
  ['APPLICANT_OPENED', 'opened'],
  ['APPLICANT_STARTED', 'started'],
  ['APPLICANT_SUBMITTED', 'submitted'],
  ['IN_DISPUTE', 'in_dispute'],
  ['IN_PROGRESS', 'in_progress'],
  ['APPLICANT_ACTION_REQUIRED', 'candidate_action_required'],
  ['CLIENT_ACTION_REQUIRED', 'client_action_required'],
  ['CANCELLED', 'cancelled'],
  ['COMPLETE', 'complete'],
  ['APPLICANT_DECLINED', 'declined'],
  ['PENDING_FULFILLMENT', 'in_progress'],
  ['EXPIRED', 'expired'],
  ['ON_HOLD_BY_MOON', 'unknown'],
];
export const results: [string | null, CaseResult | null][] = [
  ['CLEAR', 'clear'],
  ['REVIEW', 'review'],
  ['REJECT', 'reject'],
  ['NOT_APPLICABLE', 'not_applicable'],
  ['RESTRICTED', 'restricted'],
  ['SPARKLING', 'unknown'],
  [null, null],
];
export const basic = { id: '3a9d6c54-0f0b-4d65-8f53-2f5a5d0a9b10', name: 'Basic', active: true };
export const email = 'ada@example.org';
export const opened: Shown = { state: 'opened', vendorStatus: 'APPLICANT_OPENED' };
export const started: Shown = { state: 'started', vendorStatus: 'APPLICANT_STARTED' };
export const limits = { timeoutMs: 5_000 };

export async function anOrder(provider: ScreeningProvider, account: AccountFixture, to = email): Promise<string> {
  const outcome = await provider.placeOrder(account.credentials, { packageId: basic.id, email: to }, limits);
  if (outcome.kind !== 'placed') throw new Error(`The order was ${outcome.kind}: ${outcome.message}`);
  return outcome.case.id;
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
