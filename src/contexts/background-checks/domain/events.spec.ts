import { CancelOutstanding, CheckFellBehind, ResultRetentionDue } from './events.js';

describe('the events of checks', () => {
  it('have names that never change: their jobs wait in queues of that name, also those of another release', () => {
    expect([CancelOutstanding, CheckFellBehind, ResultRetentionDue].map(({ wireName }) => wireName)).toEqual([
      'background-checks.cancel-outstanding.v1',
      'background-checks.check-fell-behind.v1',
      'background-checks.result-retention-due.v1',
    ]);
  });
});
