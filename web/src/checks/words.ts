import type { Schemas } from '../api/client';

export type Check = Schemas['CheckResponse'];
export type CheckStatus = Check['status'];
export type PlanItem = Schemas['PlanItemResponse'];

/** The statuses by their labels, for what has no check at hand: filters and history. */
export const statusLabels: Record<CheckStatus, string> = {
  requested: 'Sending',
  confirming: 'Confirming with Certn',
  needs_decision: 'Needs a decision',
  not_sent: 'Not sent',
  sent: 'Sent',
  undeliverable: 'Invite undeliverable',
  expired: 'Expired',
  invited: 'Invited',
  opened: 'Invite opened',
  started: 'Started',
  submitted: 'Submitted',
  in_progress: 'In progress',
  candidate_action_required: 'Candidate must act',
  client_action_required: 'You must act in Certn',
  in_dispute: 'In dispute',
  declined: 'Declined by candidate',
  cancelled: 'Cancelled',
  complete: 'Complete',
};

export const resultLabels: Record<NonNullable<Check['result']>, string> = {
  clear: 'Clear',
  review: 'Review',
  reject: 'Reject',
  not_applicable: 'Not applicable',
  restricted: 'Restricted',
};

/** Where nothing goes on until somebody here does something. */
export const needAPerson: CheckStatus[] = [
  'needs_decision',
  'client_action_required',
  'undeliverable',
  'not_sent',
  'expired',
];

/** Whether the next step of a check is to send it again in its own place: a second one beside it would leave it open. */
export const endsInResend = (check: Check | null): boolean =>
  check !== null && check.replaced_by_id === null && check.available_actions.includes('resend');

export const isStatus = (text: string): text is CheckStatus => Object.hasOwn(statusLabels, text);

/** Why the button is not there, for whoever looks for it. */
export const cannotSendWords: Record<NonNullable<PlanItem['cannot_send_reason']>, string> = {
  not_allowed: 'Your access does not include sending background checks on this job. An admin can give it to you.',
  candidate_anonymised: 'The candidate was anonymised: no check can be sent to them any more.',
  item_deleted: 'This activity was removed from the interview plan: no further check can be sent from it.',
  application_not_active: 'The application is closed. Checks are sent for active applications only.',
  integration_not_enabled: 'Certn is not connected at the moment. An admin can connect it under Integrations.',
  check_in_progress: 'A check from this activity is under way. Another one can be sent once it has ended.',
  candidate_email_missing: 'The candidate has no e-mail address that Certn could write to. Add one to send a check.',
};

export const personName = (person: Check['requested_by'] | null): string => person?.name ?? 'Former user';
