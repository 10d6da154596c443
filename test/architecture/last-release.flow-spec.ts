import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';
import { EventHandlerTable } from '../../src/platform/events/event-handler-table.js';
import { retiredQueues } from '../../src/platform/events/retired-queues.js';
import { type AppInThisProcess, startApp } from '../support/app.js';

/** Queues of the last release with their policies. `test/faults/upgrade.fault-spec` compares the file with the release itself. */
const lastRelease = JSON.parse(
  readFileSync(join(import.meta.dirname, '..', '..', '.ci', 'last-release-queues.json'), 'utf8'),
) as Record<string, string>;

interface Queue {
  name: string;
  policy: string;
  /** Queues whose jobs this queue now handles: its former names, or those of its event. */
  formerly: string[];
}

/** Why waiting jobs of the last release would not be handled by this one; null: they are handled. */
function problemWith(name: string, policy: string, queues: Queue[], retired: Record<string, string>): string | null {
  const successors = queues.filter(({ formerly }) => formerly.includes(name));
  const present = queues.find((queue) => queue.name === name);
  if (successors.length > 1) return `${name}: ${successors.length} event handlers list it in "formerly"`;
  if (present && successors.length > 0)
    return `${name} still exists, and ${successors[0]?.name} lists it in "formerly"`;
  if (successors.length === 1 || retired[name] !== undefined) return null;
  if (!present)
    return `${name} is gone: name it in "formerly" of the event handler that replaces it, or in retired-queues.ts with the reason`;
  if (present.policy !== policy)
    return `${name} was "${policy}" and is "${present.policy}": a queue keeps its policy, so the event handler needs a new name and "formerly"`;
  return null;
}

describe('the queues of the last release', () => {
  let app: AppInThisProcess;
  let queues: Queue[];

  beforeAll(async () => {
    app = await startApp();
    const client = new pg.Client({ connectionString: app.databaseUrl });
    await client.connect();
    const present = await client.query<Omit<Queue, 'formerly'>>(
      'select q.name, q.policy from queue.queue q join platform.subscription s on s.queue = q.name',
    );
    const handlers = new Map(
      app
        .get(EventHandlerTable)
        .all()
        .map((handler) => [handler.queue, handler]),
    );
    queues = present.rows.map(({ name, policy }) => {
      const { formerly = [], options } = handlers.get(name) ?? {};
      return { name, policy, formerly: [...formerly, ...(options?.formerQueues ?? [])] };
    });
    await client.end();
  });
  afterAll(() => app.close());

  it('are all handled by this release, or retired with a reason', () => {
    const problems = Object.entries(lastRelease).map(([name, policy]) =>
      problemWith(name, policy, queues, retiredQueues.reasons),
    );
    expect(Object.keys(lastRelease).length).toBeGreaterThan(0);
    expect(problems.filter((one) => one !== null)).toEqual([]);
  });

  it('are replaced one by one: after a rollback, an event handler for two of them would run for only one', () => {
    const merged = queues.filter(
      ({ formerly }) => formerly.filter((name) => lastRelease[name] !== undefined).length > 1,
    );
    expect(merged).toEqual([]);
  });

  it.each([
    ['a queue that is renamed', { name: 'e.v1/new', policy: 'standard', formerly: ['e.v1/old'] }, {}, null],
    ['a queue that is retired', { name: 'e.v1/other', policy: 'standard', formerly: [] }, { 'e.v1/old': 'why' }, null],
    ['a queue that is the same', { name: 'e.v1/old', policy: 'standard', formerly: [] }, {}, null],
    ['a queue that is gone', { name: 'e.v1/other', policy: 'standard', formerly: [] }, {}, 'is gone'],
    ['a queue with another policy', { name: 'e.v1/old', policy: 'short', formerly: [] }, {}, 'keeps its policy'],
  ])('are checked: %s', (_, queue, retired, expected) => {
    const found = problemWith('e.v1/old', 'standard', [queue], retired);
    if (expected === null) expect(found).toBeNull();
    else expect(found).toContain(expected);
  });
});
