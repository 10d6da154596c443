import { gapAfter, retryGaps } from './retry-schedule.js';

describe('Retries of an event', () => {
  it('come after 5 s, 5 min, 30 min, 2 h, 5 h, 10 h, 14 h, 20 h and 24 h, and then no more', () => {
    const gaps = Array.from({ length: 10 }, (_, nth) => gapAfter(nth + 1, 0.5));
    const [minute, hour] = [60, 3_600];
    const hours = [2, 5, 10, 14, 20, 24].map((count) => count * hour);
    expect(gaps).toEqual([5, 5 * minute, 30 * minute, ...hours, null]);
  });

  it('spread by a tenth in both directions', () => {
    for (const [nth, gap] of retryGaps.entries()) {
      expect(gapAfter(nth + 1, 0)).toBeCloseTo(gap * 0.9);
      expect(gapAfter(nth + 1, 1)).toBeCloseTo(gap * 1.1);
    }
  });
});
