import { type BudgetWindow, budgetShares, type Purpose, usedInAll, waitFor } from './vendor-budget.js';

const day = 86_400;
const aDay = (more: Partial<BudgetWindow> = {}): BudgetWindow => ({
  limit: 7220,
  seconds: day,
  secondsLeft: day,
  used: {},
  orderCap: null,
  ...more,
});

/** Takes calls until it must wait; returns how many it took. */
function drain(window: BudgetWindow, purpose: Purpose): number {
  const before = usedInAll(window);
  while (waitFor(window, purpose) === 0) window.used[purpose] = (window.used[purpose] ?? 0) + 1;
  return usedInAll(window) - before;
}

describe('the rate budget of an account', () => {
  it('is divided into shares that add up to 1', () => {
    expect(Object.values(budgetShares).reduce((sum, share) => sum + share, 0)).toBeCloseTo(1);
  });

  it.each([
    ['read', 0.4],
    ['sweep', 0.3],
    ['feed', 0.1],
  ] as const)('gives %s its share and not more at the start of a window', (purpose, share) => {
    expect(Math.abs(drain(aDay(), purpose) - share * 7220)).toBeLessThanOrEqual(1);
  });

  it('lets orders use all calls', () => {
    expect(drain(aDay(), 'order')).toBe(7220);
    expect(drain(aDay({ used: { read: 2888, sweep: 2166, feed: 722 } }), 'urgent')).toBe(1444);
  });

  it('keeps a share available, in whatever order the others use theirs', () => {
    const purposes: Purpose[] = ['read', 'sweep', 'feed'];
    for (const last of purposes) {
      const window = aDay();
      for (const greedy of purposes) if (greedy !== last) drain(window, greedy);
      expect(drain(window, last)).toBeGreaterThanOrEqual(Math.floor(budgetShares[last as 'read'] * 7220) - 1);
    }
  });

  it('lends unused shares to all purposes as the window passes', () => {
    expect(drain(aDay({ secondsLeft: day / 2 }), 'feed')).toBe(7220 - Math.floor(0.45 * 7220));
  });

  it('reserves nothing more for a purpose that has used its share', () => {
    const window = aDay({ used: { read: 2888 }, secondsLeft: day / 2 });
    expect(drain(window, 'sweep')).toBe(7220 - 2888 - Math.floor((0.1 + 0.05) * 7220));
  });

  it('stays within the limit and keeps the reserve of orders when the others take all they can for a day', () => {
    const window = aDay();
    for (let left = day; left > 0; left -= 600) {
      window.secondsLeft = left;
      for (const purpose of ['feed', 'read', 'sweep'] as const) drain(window, purpose);
      const forOrders = 7220 - usedInAll(window);
      expect(forOrders).toBeGreaterThanOrEqual(Math.floor((0.2 * 7220 * left) / day) - 1);
    }
    expect(usedInAll(window)).toBeLessThanOrEqual(7220);
  });

  it('says how long to wait: the call is taken then, and not before', () => {
    const window = aDay();
    drain(window, 'sweep');
    const wait = waitFor(window, 'sweep');
    expect(wait).toBeGreaterThan(1);
    expect(waitFor({ ...window, secondsLeft: day - wait }, 'sweep')).toBe(0);
    expect(waitFor({ ...window, secondsLeft: day - wait + 10 }, 'sweep')).toBeGreaterThan(0);
  });

  it('allows one call even when it is as small as possible', () => {
    const minute = { limit: 1, seconds: 60, secondsLeft: 60, orderCap: null };
    expect(waitFor({ ...minute, used: {} }, 'read')).toBe(0);
    expect(waitFor({ ...minute, used: { read: 1 } }, 'order')).toBe(60);
  });

  it('gives connection tests a few of the reads, and more as the window passes', () => {
    const minute = aDay({ limit: 60, seconds: 60, secondsLeft: 60 });
    expect(drain(minute, 'test')).toBe(6);
    const wait = waitFor(minute, 'test');
    expect([wait, waitFor({ ...minute, secondsLeft: 60 - wait }, 'test')]).toEqual([8, 0]);
    expect(drain(minute, 'read')).toBe(0.4 * 60 - 6);
    expect(drain(aDay({ secondsLeft: day / 2 }), 'test')).toBe(6 + Math.floor(7220 / 16));
    expect(drain(aDay({ used: { test: 24 }, limit: 60, seconds: 60, secondsLeft: 60 }), 'order')).toBe(36);
  });

  it('stops paid orders at their cap, and nothing else', () => {
    const window = aDay({ orderCap: 1000, used: { order: 1000 }, secondsLeft: 5000 });
    expect(waitFor(window, 'order')).toBe(5000);
    expect(waitFor(window, 'urgent')).toBe(0);
    expect(waitFor(window, 'read')).toBe(0);
  });
});
