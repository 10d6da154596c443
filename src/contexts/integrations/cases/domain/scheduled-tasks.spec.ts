import { dayReconciliationSeconds, feedSeconds, sweepSeconds } from './scheduled-tasks.js';

const perDay = 7220;
const stepsFor = (cases: number): number => Math.ceil(cases / 95);

describe('intervals of scheduled tasks', () => {
  it('few open cases are swept at the desired interval', () => {
    expect(sweepSeconds(600, stepsFor(0), perDay)).toBe(600);
    expect(sweepSeconds(600, stepsFor(1000), perDay)).toBe(600);
  });

  it('2,000 open cases are swept within 15 minutes', () => {
    expect(sweepSeconds(600, stepsFor(2000), perDay)).toBeLessThanOrEqual(900);
  });

  it('20,000 open cases are swept as often as the budget share of the sweep allows', () => {
    const steps = stepsFor(20_000);
    const seconds = sweepSeconds(600, steps, perDay);
    expect(seconds).toBeGreaterThan(2 * 3600);
    expect((86_400 / seconds) * steps).toBeLessThanOrEqual(0.3 * perDay);
    expect((86_400 / (seconds - 2)) * steps).toBeGreaterThan(0.3 * perDay);
  });

  it('the feed stays within its budget share', () => {
    expect(86_400 / feedSeconds(600, perDay)).toBeLessThanOrEqual(722);
    expect(86_400 / feedSeconds(1, perDay)).toBeLessThanOrEqual(722);
    expect(feedSeconds(600, perDay / 3)).toBeCloseTo(3 * (86_400 / 722));
  });

  it('the daily reconciliation runs once a day', () => {
    expect(dayReconciliationSeconds(600)).toBe(86_400);
    expect(dayReconciliationSeconds(3600)).toBe(86_400);
  });
});
