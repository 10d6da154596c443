import type { Caller } from '#kernel/caller';
import type { Id } from '#kernel/id';
import { terminalStatuses } from '../contract.js';
import type { CheckStatus } from '../domain/check-status.js';

export type CheckAction = 'cancel' | 'resend' | 'refresh' | 'decide' | 'open_results';

interface Actable {
  job_id: Id;
  status: CheckStatus;
  case_id: string | null;
  cancel_requested_at: unknown;
  erased_at: unknown;
  result_removed_at: unknown;
  resendable: boolean;
}

const terminal: readonly CheckStatus[] = terminalStatuses;

export const mayDecide = (caller: Caller): boolean => caller.can('administer_team');

/** What this caller may do with the check now, as far as the database can tell. */
export function availableActions(check: Actable, caller: Caller): CheckAction[] {
  const { status } = check;
  const erased = check.erased_at !== null;
  const removed = erased || check.result_removed_at !== null;
  const sends = caller.can('send_background_check', check.job_id);
  const possible: Record<CheckAction, boolean> = {
    cancel: sends && !terminal.includes(status) && check.cancel_requested_at === null,
    resend: sends && check.resendable,
    refresh: check.case_id !== null || status === 'confirming',
    decide: status === 'needs_decision' && !erased && mayDecide(caller),
    open_results: status === 'complete' && !removed && caller.can('view_background_check_results', check.job_id),
  };
  return Object.entries(possible).flatMap(([action, is]) => (is ? [action as CheckAction] : []));
}
