import type { Schemas } from '../api/client';
import { vendorOf } from '../integrations/vendor-words';

export type Check = Schemas['CheckResponse'];
export type CheckStatus = Check['status'];
export type PlanItem = Schemas['PlanItemResponse'];

/** `{vendor}` stands for its name. */
export const statusLabels: Record<CheckStatus, string> = {
  requested: 'Sending',
  confirming: 'Confirming with {vendor}',
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
  candidate_action_required: 'Waiting on candidate',
  client_action_required: 'Action needed in {vendor}',
  in_dispute: 'In dispute',
  declined: 'Declined by candidate',
  cancelled: 'Cancelled',
  complete: 'Complete',
};

/** The label of a status, for filters and history: checks bring the label of theirs. `vendor`: its name. */
export const statusLabel = (status: CheckStatus, vendor: string): string =>
  statusLabels[status].replace('{vendor}', () => vendor);

export const resultLabels: Record<NonNullable<Check['result']>, string> = {
  clear: 'Clear',
  review: 'Review',
  reject: 'Reject',
  not_applicable: 'Not applicable',
  restricted: 'Restricted',
};

/** Statuses in which a check waits for the team. */
export const needsAttention: CheckStatus[] = [
  'needs_decision',
  'client_action_required',
  'undeliverable',
  'not_sent',
  'expired',
];

/** Whether the next step is to resend this check: a second one beside it would leave it open. */
export const endsInResend = (check: Check | null): boolean =>
  check !== null && check.replaced_by_id === null && check.available_actions.includes('resend');

export const isStatus = (text: string): text is CheckStatus => Object.hasOwn(statusLabels, text);

type CannotSend = NonNullable<PlanItem['cannot_send_reason']>;

const cannotSendWords: Record<CannotSend, string> = {
  not_allowed: "You don't have permission to send background checks on this job. Ask an admin.",
  candidate_anonymised: 'This candidate was anonymised. No checks can be sent.',
  item_deleted: 'This activity was removed from the interview plan. No more checks can be sent from it.',
  application_not_active: 'This application is closed. Checks can only be sent for active applications.',
  integration_not_enabled: '{vendor} is not connected. An admin can connect it under Integrations.',
  check_in_progress: 'A check is already in progress.',
  candidate_email_missing: 'This candidate has no valid email address. Add one to send a check.',
};

/** Why the send button is missing. */
export const whyNoSending = (item: PlanItem, reason: CannotSend): string =>
  cannotSendWords[reason].replace('{vendor}', () => vendorOf(item).name);

type Actor = Pick<Check['requested_by'], 'name'> & Partial<Check['requested_by']>;

export function personName(actor: Actor | null): string {
  const { name = null, kind } = actor ?? {};
  return kind === 'service_account' ? `${name} (service account)` : (name ?? 'Former user');
}
