import { finishedStatuses, resendableStatuses } from '../contract.js';

/** Where a check stands, in the recruiter's words. The first four are ours; the others follow the vendor's case. */
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

const finished: readonly CheckStatus[] = finishedStatuses;

/** The first finished status gives the slot free, for good. */
export const isFinished = (status: CheckStatus): boolean => finished.includes(status);

const resendable: readonly CheckStatus[] = resendableStatuses;

/** Ended without what it was sent for. */
export const isResendable = (status: CheckStatus): boolean => resendable.includes(status);

const followsTheCase = caseStatuses;

/**
 * From which status a check may go where. The vendor may take a case anywhere, also out of a finished state (a dispute, a
 * late submission), so the case statuses reach each other. None of them leads back to a status from before the order was
 * placed: news of the order that arrives late changes nothing. `not_sent` never went to the vendor and is the end.
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

/** Staying where one is is no transition. */
export const mayBecome = (from: CheckStatus, to: CheckStatus): boolean => from !== to && transitions[from].includes(to);
