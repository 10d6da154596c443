import { announcedOf, changesOf, type CheckStanding } from './check-changes.js';
import type { Announced } from './webhook-events.js';

const now = new Date('2026-10-01T12:00:00Z');
const old = new Date('2026-09-01T12:00:00Z');
const fresh: CheckStanding = {
  ...{ revision: 1, hasMoved: false, isComplete: false, needsAttention: false },
  ...{ requestedAt: now, statusChangedAt: now },
};
const requested = announcedOf(fresh);
const [request, change, completion, attention] = [
  'background_check.requested',
  'background_check.status_changed',
  'background_check.completed',
  'background_check.needs_attention',
];

describe('The events of a check', () => {
  const cases: [string, Partial<CheckStanding>, Announced | null, string[]][] = [
    ['a request', {}, null, [request]],
    ['a request that was announced', {}, requested, []],
    ['a request whose check has moved on', { revision: 3, hasMoved: true }, null, [request, change]],
    ['a change', { revision: 2, hasMoved: true }, requested, [change]],
    ['a completion', { revision: 9, hasMoved: true, isComplete: true }, requested, [change, completion]],
    ['a change of a complete check', { revision: 10, isComplete: true }, { ...requested, isComplete: true }, [change]],
    ['attention that is needed', { revision: 2, needsAttention: true }, requested, [change, attention]],
    [
      'attention that is still needed',
      { revision: 3, needsAttention: true },
      { ...requested, needsAttention: true },
      [change],
    ],
    ['a state that was announced', { revision: 1, hasMoved: true }, requested, []],
    ['a change of a check from before the endpoint', { revision: 7, hasMoved: true, requestedAt: old }, null, [change]],
    [
      'a change of a check that was complete long ago',
      { revision: 9, hasMoved: true, isComplete: true, needsAttention: true, requestedAt: old, statusChangedAt: old },
      null,
      [change],
    ],
  ];
  it.each(cases)('%s', (_, standing, before, types) => {
    expect(changesOf({ ...fresh, ...standing }, before, now)).toEqual(types);
  });
});
