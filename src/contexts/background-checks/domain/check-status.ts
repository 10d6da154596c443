import { terminalStatuses, resendableStatuses } from '../contract.js';

/** The statuses of a check, in the recruiter's words. The first four are ours; the others follow the vendor's case. */
export const ownStatuses = ['requested', 'confirming', 'needs_decision', 'not_sent'] as const;
export const caseStatuses = [
  'sent',
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
] as const;
export const checkStatuses = [...ownStatuses, ...caseStatuses] as const;
export type CaseStatus = (typeof caseStatuses)[number];
export type CheckStatus = (typeof checkStatuses)[number];

export const checkResults = ['clear', 'review', 'reject', 'not_applicable', 'restricted'] as const;
export type CheckResult = (typeof checkResults)[number];

const terminal: readonly CheckStatus[] = terminalStatuses;

/** A check that reaches a terminal status releases its slot, and never takes it again. */
export const isTerminal = (status: CheckStatus): boolean => terminal.includes(status);

const resendable: readonly CheckStatus[] = resendableStatuses;

/** Ended without a result. */
export const isResendable = (status: CheckStatus): boolean => resendable.includes(status);

const followsTheCase = caseStatuses;

/**
 * The allowed transitions. The vendor may move a case from any state to any other, also out of a terminal one (a dispute, a
 * late submission), so the case statuses reach each other. None of them leads back to a status from before the order was
 * placed, so a late event of the order changes nothing. `not_sent` never reached the vendor and has no transitions.
 */
export const transitions: Record<CheckStatus, readonly CheckStatus[]> = {
  requested: ['confirming', 'needs_decision', 'not_sent', ...followsTheCase],
  confirming: ['requested', 'needs_decision', 'not_sent', ...followsTheCase],
  needs_decision: ['requested', 'confirming', 'not_sent', ...followsTheCase],
  not_sent: [],
  sent: followsTheCase,
  undeliverable: followsTheCase,
  expired: followsTheCase,
  invited: followsTheCase,
  opened: followsTheCase,
  started: followsTheCase,
  submitted: followsTheCase,
  in_progress: followsTheCase,
  candidate_action_required: followsTheCase,
  client_action_required: followsTheCase,
  in_dispute: followsTheCase,
  declined: followsTheCase,
  cancelled: followsTheCase,
  complete: followsTheCase,
};

/** Staying in a status is no transition. */
export const mayBecome = (from: CheckStatus, to: CheckStatus): boolean => from !== to && transitions[from].includes(to);
