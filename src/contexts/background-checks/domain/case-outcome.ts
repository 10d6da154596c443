import type { CaseStatus, CheckResult, CheckStatus } from './check-status.js';

/** How a case stands at the vendor, in nobody's dialect. `unknown`: a word we were not taught. */
export type CaseState = Exclude<CaseStatus, 'sent'> | 'ordered' | 'unknown';
export type CaseResult = CheckResult | 'unknown';

/** The one table from case states to ours. `unknown` has no entry of its own: it leaves a status as it was. */
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

/** A score we were not taught is looked at by a person. */
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

/** What a case's state makes of a check. Only a complete case has a result: one that was reopened has none until it ends. */
export function outcomeOf(present: Outcome, state: CaseState, result: CaseResult | null): Outcome {
  if (state === 'unknown') return beforeTheCase.includes(present.status) ? { status: 'sent', result: null } : present;
  const status = statusOf[state];
  return { status, result: status === 'complete' && result !== null ? resultOf[result] : null };
}
