import { caseStates } from '../../gateway/domain/vendor-terms.js';
import { resultOf, stateOf, statusesOf } from './certn-words.js';

describe("Certn's statuses and scores", () => {
  it.each([
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
  ])('%s is %s [R-83]', (status, state) => {
    expect(stateOf(status)).toBe(state);
  });

  it.each([
    ['CLEAR', 'clear'],
    ['REVIEW', 'review'],
    ['REJECT', 'reject'],
    ['NOT_APPLICABLE', 'not_applicable'],
    ['RESTRICTED', 'restricted'],
    ['SOMETHING_NEW', 'unknown'],
    [null, null],
  ])('the score %s is the result %s', (score, result) => {
    expect(resultOf(score)).toBe(result);
  });

  it.each(['PAUSED', 'complete', '', 'constructor', '__proto__'])('never guesses the status "%s"', (status) => {
    expect(stateOf(status)).toBe('unknown');
  });

  it('can filter by every state it can read, and by none that Certn has no status for', () => {
    for (const state of caseStates.filter((known) => known !== 'unknown')) {
      expect(statusesOf([state]).map(stateOf)).toContain(state);
    }
    expect(statusesOf(['invited', 'unknown'])).toEqual([]);
    expect(statusesOf([])).toEqual([]);
  });
});
