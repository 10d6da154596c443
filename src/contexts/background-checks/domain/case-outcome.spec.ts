import { type CaseResult, type CaseState, type Outcome, outcomeOf } from './case-outcome.js';

const invited: Outcome = { status: 'invited', result: null };

describe('the outcome that a case gives a check', () => {
  it.each<[CaseState, string]>([
    ['ordered', 'sent'],
    ['undeliverable', 'undeliverable'],
    ['expired', 'expired'],
    ['invited', 'invited'],
    ['opened', 'opened'],
    ['started', 'started'],
    ['submitted', 'submitted'],
    ['in_progress', 'in_progress'],
    ['candidate_action_required', 'candidate_action_required'],
    ['client_action_required', 'client_action_required'],
    ['in_dispute', 'in_dispute'],
    ['declined', 'declined'],
    ['cancelled', 'cancelled'],
    ['complete', 'complete'],
    ['unknown', 'invited'],
  ])('%s is shown as %s [R-83]', (state, status) => {
    expect(outcomeOf(invited, state, null)).toEqual({ status, result: null });
  });

  it.each(['requested', 'confirming', 'needs_decision'] as const)(
    'an unknown first word makes a check that is %s sent [R-83]',
    (status) => {
      expect(outcomeOf({ status, result: null }, 'unknown', null)).toEqual({ status: 'sent', result: null });
    },
  );

  it('an unknown later word leaves status and result as they were', () => {
    const complete: Outcome = { status: 'complete', result: 'clear' };
    expect(outcomeOf(complete, 'unknown', 'reject')).toEqual(complete);
  });

  it.each<[CaseResult, string]>([
    ['clear', 'clear'],
    ['review', 'review'],
    ['reject', 'reject'],
    ['not_applicable', 'not_applicable'],
    ['restricted', 'restricted'],
    ['unknown', 'review'],
  ])('a complete case with the score %s has the result %s', (score, result) => {
    expect(outcomeOf(invited, 'complete', score)).toEqual({ status: 'complete', result });
  });

  it('has no result before it is complete, nor while it is disputed', () => {
    expect(outcomeOf(invited, 'in_progress', 'clear').result).toBeNull();
    expect(outcomeOf({ status: 'complete', result: 'reject' }, 'in_dispute', 'reject').result).toBeNull();
  });
});
