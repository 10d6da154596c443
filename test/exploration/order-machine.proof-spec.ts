import { Scenario } from './scenario.js';
import { summaryOf } from './story.js';
import { type Fault, faults } from './world.js';

interface Theme {
  faults: number;
  of: readonly Fault[];
  /** The fewest states. A smaller exploration proves less and fails. */
  atLeast: number;
}

/** 'commit late or never' includes a lost answer (a commit at once), so most themes omit 'answer lost'. */
const themes: Record<string, Theme> = {
  'two faults of any kind': { faults: 2, of: faults, atLeast: 10_000 },
  'three faults around two workers': {
    faults: 3,
    of: ['commit late or never', 'crash', 'duplicate', 'sleep'],
    atLeast: 40_000,
  },
  'three faults around reconciliation': {
    faults: 3,
    of: ['commit late or never', 'list lag', 'list far behind', 'list unreadable', 'webhook event'],
    atLeast: 20_000,
  },
  'three faults around a cancellation': {
    faults: 3,
    of: ['commit late or never', 'cancel', 'crash', 'connection refused'],
    atLeast: 6_000,
  },
  'three faults around an application that is closed': {
    faults: 3,
    of: ['commit late or never', 'application closed', 'crash', 'connection refused', 'duplicate'],
    atLeast: 6_000,
  },
  'three faults around a wrong clock': {
    faults: 3,
    of: ['commit late or never', 'clock wrong', 'crash', 'connection refused', 'list lag'],
    atLeast: 6_000,
  },
};

/**
 * Explores the order machine of docs/reliability.md. Handlers, repositories and moves are the production ones. The vendor, the queue
 * and the clock are scripted, and so are the moments at which two workers and two people take a step, die or pause.
 *
 * Assumptions: an order that was handed over is committed and listed within the visibility lag, or never. No process pauses
 * between the last check of the clock and the bytes. People who decide tell the truth. The budget never runs out. There is one
 * order beside an older one: `order-match` and the in-flight index cover two orders to the same address.
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
      const story = summaryOf(name, found, (performance.now() - start) / 1000);
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
