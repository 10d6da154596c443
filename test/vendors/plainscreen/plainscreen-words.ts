import type { CaseResult, CaseState } from '../../../src/contexts/integrations/gateway/domain/vendor-terms.js';

const states: ReadonlyMap<string, CaseState> = new Map([
  ['queued', 'ordered'],
  ['bounced', 'undeliverable'],
  ['lapsed', 'expired'],
  ['mailed', 'invited'],
  ['viewed', 'opened'],
  ['filling', 'started'],
  ['received', 'submitted'],
  ['running', 'in_progress'],
  ['needs_person', 'candidate_action_required'],
  ['needs_customer', 'client_action_required'],
  ['contested', 'in_dispute'],
  ['turned_down', 'declined'],
  ['called_off', 'cancelled'],
  ['done', 'complete'],
]);

const results: ReadonlyMap<string, CaseResult> = new Map([
  ['green', 'clear'],
  ['amber', 'review'],
  ['red', 'reject'],
  ['nothing_to_check', 'not_applicable'],
  ['sealed', 'restricted'],
]);

export const stateOf = (phase: string): CaseState => states.get(phase) ?? 'unknown';

export const resultOf = (verdict: string | null): CaseResult | null =>
  verdict === null ? null : (results.get(verdict) ?? 'unknown');
