import { caseStatuses, type CheckStatus, checkStatuses, isTerminal, mayBecome } from './check-status.js';

/**
 * Written by hand, independent of the table: `x` is allowed, `.` is not. Rows are from, columns are to, in the order of
 * `checkStatuses`.
 */
const everyPair: Record<CheckStatus, string> = {
  requested: '.xxx xxxxxxxxxxxxxx',
  confirming: 'x.xx xxxxxxxxxxxxxx',
  needs_decision: 'xx.x xxxxxxxxxxxxxx',
  not_sent: '.... ..............',
  sent: '.... .xxxxxxxxxxxxx',
  undeliverable: '.... x.xxxxxxxxxxxx',
  expired: '.... xx.xxxxxxxxxxx',
  invited: '.... xxx.xxxxxxxxxx',
  opened: '.... xxxx.xxxxxxxxx',
  started: '.... xxxxx.xxxxxxxx',
  submitted: '.... xxxxxx.xxxxxxx',
  in_progress: '.... xxxxxxx.xxxxxx',
  candidate_action_required: '.... xxxxxxxx.xxxxx',
  client_action_required: '.... xxxxxxxxx.xxxx',
  in_dispute: '.... xxxxxxxxxx.xxx',
  declined: '.... xxxxxxxxxxx.xx',
  cancelled: '.... xxxxxxxxxxxx.x',
  complete: '.... xxxxxxxxxxxxx.',
};

describe('the status of a check', () => {
  const pairs = checkStatuses.flatMap((from) =>
    checkStatuses.map((to, column) => [from, to, everyPair[from].replace(' ', '')[column] === 'x'] as const),
  );

  it('has a rule for each of its 18 × 18 pairs', () => {
    expect(pairs).toHaveLength(324);
  });

  it.each(pairs)('%s → %s: %s', (from, to, allowed) => {
    expect(mayBecome(from, to)).toBe(allowed);
  });

  it('is terminal in exactly the six statuses that the contract lists', () => {
    expect(checkStatuses.filter(isTerminal)).toEqual([
      'not_sent',
      'undeliverable',
      'expired',
      'declined',
      'cancelled',
      'complete',
    ]);
  });

  it('never leads from the case back to the time before the order', () => {
    for (const from of caseStatuses) {
      for (const to of ['requested', 'confirming', 'needs_decision', 'not_sent'] as const) {
        expect(mayBecome(from, to)).toBe(false);
      }
    }
  });
});
