import { sql } from 'kysely';
import type { Caller } from '#kernel/caller';
import type { Id } from '#kernel/id';
import { type ActorKind, userView } from '#contexts/access';
import { applicationView } from '#contexts/hiring';
import { orderView } from '#contexts/integrations';
import { itemView } from '#contexts/interview-planning';
import { isoTime } from '#platform/database/times';
import { resendableStatuses } from '../contract.js';
import type { CheckResult, CheckStatus } from '../domain/check-status.js';
import type { FailureReason } from '../domain/order-outcome.js';
import { availableActions, mayDecide } from './available-actions.js';

type Time = Date | string;

/** A check as the database has it, before the caller's rights are applied. */
export interface CheckRow {
  id: string;
  application_id: Id;
  candidate_id: Id;
  job_id: Id;
  job_stage_item_id: Id;
  vendor: string;
  package_id: string;
  package_name: string;
  sent_to: string | null;
  status: CheckStatus;
  result: CheckResult | null;
  case_id: string | null;
  short_id: string | null;
  vendor_status: string | null;
  vendor_score: string | null;
  portal_url: string | null;
  environment: string | null;
  requested_by: string;
  requested_by_name: string | null;
  requested_by_kind: ActorKind | null;
  requested_at: Time;
  status_changed_at: Time;
  confirmed_at: Time | null;
  cancel_requested_at: Time | null;
  failure_reason: string | null;
  failure_message: string | null;
  failure_candidates: string[];
  replaces_id: string | null;
  replaced_by_id: string | null;
  erased_at: Time | null;
  result_removed_at: Time | null;
  /** It ended without a result, and its application, activity and slot allow another check in its place. */
  resendable: boolean;
  version: number;
  created_at: Time;
  updated_at: Time;
}

const resendable = sql`
  case when c.erased_at is null and c.replaced_by_id is null and c.status = any(${sql.lit(`{${resendableStatuses.join()}}`)}::text[]) then
    exists (select 1 from ${sql.table(applicationView)} a
      where a.team_id = c.team_id and a.id = c.application_id and a.status = 'active')
    and exists (select 1 from ${sql.table(itemView)} i
      where i.team_id = c.team_id and i.id = c.job_stage_item_id and i.deleted_at is null)
    and not exists (select 1 from background_checks.background_check o
      where o.team_id = c.team_id and o.application_id = c.application_id
        and o.job_stage_item_id = c.job_stage_item_id and o.holds_slot)
  else false end`;

/**
 * When the vendor last confirmed the case. Sweeps confirm many cases at once and publish no event, so their time comes from the order.
 * It counts only while the check shows the same revision of the case.
 */
const confirmedAt = sql`greatest(c.confirmed_at, (
  select o.confirmed_at from ${sql.table(orderView)} o
  where o.team_id = c.team_id and o.id = c.id and o.case_revision = c.case_revision))`;

/** The columns of `CheckRow`, from a check `c` and its requester `u`. */
export const checkColumns = sql`
  c.id, c.application_id, c.candidate_id, c.job_id, c.job_stage_item_id, c.vendor, c.package_id, c.package_name, c.sent_to, c.status,
  c.result, c.case_id, c.short_id, c.vendor_status, c.vendor_score, c.portal_url, c.environment, c.requested_by,
  u.name as requested_by_name, u.kind as requested_by_kind, c.requested_at, c.status_changed_at, ${confirmedAt} as confirmed_at, c.cancel_requested_at,
  c.failure_reason, c.failure_message, c.failure_candidates, c.replaces_id, c.replaced_by_id, c.erased_at, c.result_removed_at, c.version, c.created_at,
  c.updated_at, ${resendable} as resendable`;

export const checksWithRequester = sql`
  background_checks.background_check c
  left join ${sql.table(userView)} u on u.team_id = c.team_id and u.id = c.requested_by`;

/** `{vendor}` stands for the name of the check's vendor. */
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

export const resultLabels: Record<CheckResult, string> = {
  clear: 'Clear',
  review: 'Review',
  reject: 'Reject',
  not_applicable: 'Not applicable',
  restricted: 'Restricted',
};

/** `vendor`: its name. */
const statusLabelOf = (status: CheckStatus, vendor: string): string =>
  statusLabels[status].replace('{vendor}', () => vendor);

/** Rows keep the words of older releases, which read them. */
export function reasonOf(stored: string): string {
  if (stored.startsWith('refused_by_' satisfies FailureReason)) return 'refused_by_vendor';
  return stored === ('connection_attention' satisfies FailureReason) ? 'connection_action_required' : stored;
}

/** Only callers who may decide see which cases fit. Others see that a decision is needed. */
function failureOf(row: CheckRow, caller: Caller) {
  const { failure_reason: stored, failure_message: message } = row;
  if (stored === null) return null;
  const reason = reasonOf(stored);
  if (row.status !== 'needs_decision') return { reason, message };
  return { reason, message, candidates: mayDecide(caller) ? row.failure_candidates : [] };
}

/** The check as this caller may read it. Without the right to results, no field reveals one. */
export function checkAnswer(row: CheckRow, vendorName: string, caller: Caller, publicUrl: string) {
  const seesResults = caller.can('view_background_check_results', row.job_id);
  const result = seesResults ? row.result : null;
  return {
    id: row.id,
    application_id: row.application_id,
    candidate_id: row.candidate_id,
    job_id: row.job_id,
    job_stage_item_id: row.job_stage_item_id,
    package: { id: row.package_id, name: row.package_name },
    sent_to: row.sent_to,
    status: row.status,
    status_label: statusLabelOf(row.status, vendorName),
    result,
    result_label: result && resultLabels[result],
    result_removed_at: isoTime(row.result_removed_at),
    vendor: {
      id: row.vendor,
      name: vendorName,
      case_id: row.case_id,
      short_id: row.short_id,
      status: row.vendor_status,
      score: seesResults ? row.vendor_score : null,
      portal_url: row.portal_url,
      environment: row.environment,
    },
    results_url: seesResults && row.case_id !== null ? `${publicUrl}/background_checks/${row.id}/results` : null,
    requested_by: { id: row.requested_by, name: row.requested_by_name, kind: row.requested_by_kind ?? 'user' },
    requested_at: isoTime(row.requested_at),
    status_changed_at: isoTime(row.status_changed_at),
    confirmed_at: isoTime(row.confirmed_at),
    cancel_requested_at: isoTime(row.cancel_requested_at),
    failure: failureOf(row, caller),
    replaces_id: row.replaces_id,
    replaced_by_id: row.replaced_by_id,
    available_actions: availableActions(row, caller),
    created_at: isoTime(row.created_at),
    updated_at: isoTime(row.updated_at),
  };
}

export type CheckAnswer = ReturnType<typeof checkAnswer>;
