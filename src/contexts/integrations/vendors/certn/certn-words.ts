import type { CaseResult, CaseState } from '../../gateway/domain/vendor-terms.js';

/** Certn's case statuses (docs/certn-api.md 4.1). The last three are known from other clients' code only. */
const states: ReadonlyMap<string, CaseState> = new Map([
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
]);

/** Certn's scores (docs/certn-api.md 4.3). */
const results: ReadonlyMap<string, CaseResult> = new Map([
  ['CLEAR', 'clear'],
  ['REVIEW', 'review'],
  ['REJECT', 'reject'],
  ['NOT_APPLICABLE', 'not_applicable'],
  ['RESTRICTED', 'restricted'],
]);

/** The status of a case without `overall_status` (docs/certn-api.md 7.10). */
export const statusWhenMissing = 'CASE_ORDERED';

export function stateOf(status: string): CaseState {
  return states.get(status) ?? 'unknown';
}

export function resultOf(score: string | null): CaseResult | null {
  return score === null ? null : (results.get(score) ?? 'unknown');
}

/**
 * The values of the list's `overall_status` filter that together select these states.
 * Empty, which means no filter, when Certn has no status for one of them.
 */
export function statusesOf(wanted: readonly CaseState[]): string[] {
  if (wanted.includes('unknown')) return [];
  return [...states].filter(([, state]) => wanted.includes(state)).map(([status]) => status);
}
