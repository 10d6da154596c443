import { FakeClock } from '../../../../../test/fakes/platform.js';
import { AttemptTime } from './attempt-time.js';

const limitMs = 20_000;

describe('the time of one attempt at an order', () => {
  const [steady, wall] = [performance.now.bind(performance), Date.now.bind(Date)];
  let clock: FakeClock;
  let time: AttemptTime;
  beforeEach(() => {
    clock = new FakeClock();
    // Both stand still, so that the spec alone lets time pass.
    performance.now = () => 1_000;
    Date.now = () => 5_000_000;
    time = new AttemptTime(limitMs, clock);
  });
  afterEach(() => {
    performance.now = steady;
    Date.now = wall;
  });

  it('begins whole', () => {
    expect([time.leftMs, time.isOver]).toEqual([limitMs, false]);
  });

  it.each<[string, (ms: number) => void]>([
    ['the clock of the service', (ms) => void clock.advance({ seconds: ms / 1000 })],
    ['the clock of the process', (ms) => void (performance.now = () => 1_000 + ms)],
    ['the clock on the wall', (ms) => void (Date.now = () => 5_000_000 + ms)],
  ])('passes when only %s shows it, and ends at its limit', (_, pass) => {
    pass(limitMs - 1);
    expect([time.leftMs, time.isOver]).toEqual([1, false]);
    pass(limitMs);
    expect([time.leftMs, time.isOver]).toEqual([0, true]);
  });

  it('is never less than nothing', () => {
    clock.advance({ hours: 1 });
    expect([time.leftMs, time.isOver]).toEqual([0, true]);
  });

  it('does not come back when the clock on the wall is set back', () => {
    performance.now = () => 1_000 + 15_000;
    Date.now = () => 0;
    clock.advance({ hours: -1 });
    expect(time.leftMs).toBe(5_000);
  });

  it('is whole milliseconds, rounded down', () => {
    performance.now = () => 1_000.25;
    expect(time.leftMs).toBe(limitMs - 1);
  });
});
