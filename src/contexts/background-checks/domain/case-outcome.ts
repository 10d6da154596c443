import type { CaseStatus, CheckResult, CheckStatus } from './check-status.js';

/** The state of a case at the vendor, in vendor-neutral words. `unknown`: the adapter does not know the vendor's word. */
export type CaseState = Exclude<CaseStatus, 'sent'> | 'ordered' | 'unknown';
export type CaseResult = CheckResult | 'unknown';

/** Maps case states to check statuses. `unknown` has no entry: it leaves the status as it was. */
const statusOf: Record<Exclude<CaseState, 'unknown'>, CaseStatus> = {
  ordered: 'sent',
  undeliverable: 'undeliverable',
  expired: 'expired',
  invited: 'invited',
  opened: 'opened',
  started: 'started',
  submitted: 'submitted',
  in_progress: 'in_progress',
  candidate_action_required: 'candidate_action_required',
  client_action_required: 'client_action_required',
  in_dispute: 'in_dispute',
  declined: 'declined',
  cancelled: 'cancelled',
  complete: 'complete',
};

/** An unknown score needs a review by a person. */
const resultOf: Record<CaseResult, CheckResult> = {
  clear: 'clear',
  review: 'review',
  reject: 'reject',
  not_applicable: 'not_applicable',
  restricted: 'restricted',
  unknown: 'review',
};

const beforeTheCase: readonly CheckStatus[] = ['requested', 'confirming', 'needs_decision'];

export interface Outcome {
  status: CheckStatus;
  result: CheckResult | null;
}

/** The outcome that a case's state gives a check. Only a complete case has a result. A reopened case has none until it ends again. */
export function outcomeOf(present: Outcome, state: CaseState, result: CaseResult | null): Outcome {
  if (state === 'unknown') return beforeTheCase.includes(present.status) ? { status: 'sent', result: null } : present;
  const status = statusOf[state];
  return { status, result: status === 'complete' && result !== null ? resultOf[result] : null };
}
