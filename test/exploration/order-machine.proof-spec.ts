import { Scenario } from './scenario.js';
import { told } from './story.js';
import { type Mishap, mishaps } from './world.js';

interface Theme {
  mishaps: number;
  of: readonly Mishap[];
  /** So that it cannot shrink to nothing unnoticed. */
  atLeast: number;
}

/** An answer that is lost is a late commit that comes at once, so three of the themes do without it. */
const themes: Record<string, Theme> = {
  'two mishaps of every kind': { mishaps: 2, of: mishaps, atLeast: 10_000 },
  'three around two workers': {
    mishaps: 3,
    of: ['commit late or never', 'crash', 'duplicate', 'sleep'],
    atLeast: 40_000,
  },
  'three around finding out': {
    mishaps: 3,
    of: ['commit late or never', 'list lag', 'list far behind', 'list unreadable', 'notice'],
    atLeast: 20_000,
  },

  'three around a cancel': {
    mishaps: 3,
    of: ['commit late or never', 'cancel', 'crash', 'connection refused'],
    atLeast: 6_000,
  },
  'three around an application that is closed': {
    mishaps: 3,
    of: ['commit late or never', 'application closed', 'crash', 'connection refused', 'duplicate'],
    atLeast: 6_000,
  },
  'three around a clock that is wrong': {
    mishaps: 3,
    of: ['commit late or never', 'clock wrong', 'crash', 'connection refused', 'list lag'],
    atLeast: 6_000,
  },
};

/**
 * The order machine of reliability.md 3, explored: production handlers, repositories and moves; scripted are the vendor, the
 * queue, the clock and the moments at which two workers and two people make their steps, die or fall asleep.
 *
 * Taken for granted: what was handed over is committed and listed by the end of its settling time or never; nobody sleeps between
 * the last look at the clock and the bytes; people who decide tell the truth; the budget never ends. One order beside an older
 * one: two orders to the same address are the matter of `order-match` and the in-flight index.
 */
describe('One paid order, whatever happens [R-75]', () => {
  let scenario: Scenario;
  beforeAll(async () => (scenario = await Scenario.connected()));
  afterAll(() => scenario.close());

  it.each(Object.keys(themes))(
    'holds in every execution with %s',
    async (name) => {
      const { atLeast, ...allowance } = themes[name] as Theme;
      const start = performance.now();
      const found = await scenario.explore(allowance);
      const story = told(name, found, (performance.now() - start) / 1000);
      process.stdout.write(`${story}\n`);
      expect(found.broken ? story : null).toBeNull();
      expect(found.trapped).toBe(0);
      expect(found.mostSends).toBeGreaterThanOrEqual(2);
      expect(found.states).toBeGreaterThanOrEqual(atLeast);
      expect(Object.keys(found.endStates)).toEqual(expect.arrayContaining(['ordered', 'needs_decision']));
    },
    300_000,
  );
});
