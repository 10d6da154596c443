import { gapAfter } from './carry-out-cancel.js';

describe('a wish to cancel', () => {
  it('is uttered again soon, then ever more rarely, and for as long as it takes', () => {
    const gaps = Array.from({ length: 30 }, (_, i) => gapAfter({ asked: i + 1, accepted: false }));
    expect(gaps[0]).toBeLessThanOrEqual(10);
    expect(gaps).toEqual(gaps.toSorted((a, b) => a - b));
    expect(gaps.at(-1)).toBe(6 * 3600);
  });

  it('that was accepted is given a minute at least', () => {
    expect(gapAfter({ asked: 1, accepted: true })).toBeGreaterThanOrEqual(60);
    expect(gapAfter({ asked: 30, accepted: true })).toBe(6 * 3600);
  });
});
