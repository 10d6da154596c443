import type {
  CaseResult,
  CaseState,
  Credentials,
  ScreeningProvider,
} from '../../src/contexts/integrations/domain/screening-provider.js';

/** What can go wrong with one call. `taken`: the vendor took the order all the same. */
export type Trouble =
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

/** An account at the vendor, and the levers of the test over it. */
export interface StagedAccount {
  credentials: Credentials;
  /** The next order, or reading of a case, goes wrong like this at the provider that this resolves to. */
  trouble(trouble: Trouble): Promise<ScreeningProvider>;
  show(caseId: string, shown: Shown): Promise<void>;
  /** Somebody of the customer makes a case at the vendor. */
  portalCase(email: string, createdAt: Date): Promise<string>;
  /** How many orders the vendor has taken. */
  orders(): Promise<number>;
}

export interface Stage {
  provider: ScreeningProvider;
  account(wish?: {
    packages?: { id: string; name: string; active: boolean }[];
    /** Lists in the vendor's other form. */
    otherPages?: boolean;
    reportsFail?: boolean;
  }): Promise<StagedAccount>;
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

export async function anOrder(provider: ScreeningProvider, account: StagedAccount, to = email): Promise<string> {
  const outcome = await provider.placeOrder(account.credentials, { packageId: basic.id, email: to }, limits);
  if (outcome.kind !== 'placed') throw new Error(`The order was ${outcome.kind}: ${outcome.message}`);
  return outcome.case.id;
}

/** Looks until there is something to see; the complaint says what did not happen. */
export async function eventually<Result>(
  complaint: string,
  reconciliation: () => Promise<Result | null>,
): Promise<Result> {
  const deadline = Date.now() + 10_000;
  while (Date.now() < deadline) {
    const seen = await reconciliation();
    if (seen !== null) return seen;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  throw new Error(`${complaint} within 10 s.`);
}
