import { cancelGaps, gapAfter, isLastTry } from './carry-out-cancel.js';

describe('a cancellation request', () => {
  const gaps = cancelGaps.map((_, i) => gapAfter({ asked: i + 1, accepted: false }));

  it('is repeated soon, then less and less often, for a day and a half', () => {
    expect(gaps[0]).toBeLessThanOrEqual(10);
    expect(gaps).toEqual(gaps.toSorted((a, b) => a - b));
    expect(gaps.reduce((sum, gap) => sum + gap, 0) / 3600).toBeCloseTo(35.6, 0);
  });

  it('that was accepted is not repeated within a minute', () => {
    expect(gapAfter({ asked: 1, accepted: true })).toBeGreaterThanOrEqual(60);
    expect(gapAfter({ asked: cancelGaps.length, accepted: true })).toBe(gaps.at(-1));
  });

  it('ends: after the last gap the vendor is not asked again', () => {
    expect(isLastTry({ asked: cancelGaps.length - 1, accepted: false })).toBe(false);
    expect(isLastTry({ asked: cancelGaps.length, accepted: true })).toBe(true);
  });
});
