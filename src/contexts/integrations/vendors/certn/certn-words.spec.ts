import { certnDialect } from '../../../../../test/contracts/certn-dialect.js';
import { caseStates } from '../../gateway/domain/vendor-terms.js';
import { resultOf, stateOf, statusesOf } from './certn-words.js';

describe("Certn's statuses and scores", () => {
  it.each(certnDialect.states)('%s is %s [R-83]', (status, state) => {
    expect(stateOf(status)).toBe(state);
  });

  it.each(certnDialect.results)('the score %s is the result %s', (score, result) => {
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
