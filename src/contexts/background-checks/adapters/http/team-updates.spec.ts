import type { CheckRow } from '../../views/check-answer.js';
import { type CheckChangesView, mostAtOnce } from '../../views/check-changes.js';
import { type CheckPresenter, noVendors } from '../../views/check-presenter.js';
import { ChangeSequence } from './recent-changes.js';
import { TeamUpdates } from './team-updates.js';
import type { Changes, UpdateStream } from './update-stream.js';

describe("One team's listeners", () => {
  it('share one read of a change, however many they are', async () => {
    const testTeam = new TestTeam();
    const listeners = Array.from({ length: 100 }, () => testTeam.listener());
    testTeam.changes('first');
    await testTeam.allSent();
    expect(testTeam.reads).toBe(1);
    expect(listeners.every(({ ids }) => ids.join() === 'first')).toBe(true);
  });

  it('receive one event for a check that changed several times since the last read, in the order of the last changes', async () => {
    const testTeam = new TestTeam();
    const listener = testTeam.listener();
    testTeam.changes('first');
    for (const id of ['second', 'third', 'second']) testTeam.changes(id);
    await testTeam.allSent();
    expect(listener.ids).toEqual(['first', 'third', 'second']);
  });

  it('are each asked to read again when too much changed, and receive later changes', async () => {
    const testTeam = new TestTeam();
    const listeners = [testTeam.listener(), testTeam.listener()];
    for (let n = 0; n < mostAtOnce + 2; n += 1) testTeam.changes(`${n}`);
    await testTeam.allSent();
    testTeam.changes('after');
    await testTeam.allSent();
    for (const { ids } of listeners) expect(ids.slice(-2)).toEqual(['reset', 'after']);
  });

  it('that come back receive what they missed, from the last event on', async () => {
    const testTeam = new TestTeam();
    const first = testTeam.listener();
    testTeam.changes('one');
    await testTeam.allSent();
    testTeam.team.remove(first.stream);
    for (const id of ['two', 'three']) testTeam.changes(id);
    expect((await testTeam.returning(first.eventIds.at(-1))).ids).toEqual(['two', 'three']);
    expect((await testTeam.returning(first.greeting ?? '')).ids).toEqual(['one', 'two', 'three']);
  });

  it('that break off before they received what they missed receive it when they come back again', async () => {
    const testTeam = new TestTeam();
    const first = testTeam.listener();
    testTeam.changes('one');
    await testTeam.allSent();
    testTeam.team.remove(first.stream);
    testTeam.changes('two');
    const release = testTeam.readsSlowly();
    const cutOff = new TestListener();
    const added = testTeam.team.add(cutOff.stream, first.eventIds.at(-1) ?? '');
    testTeam.team.remove(cutOff.stream);
    const next = testTeam.returning(cutOff.greeting ?? first.eventIds.at(-1));
    release();
    await added;
    expect((await next).ids).toEqual(['two']);
  });

  it('get no new id with the greeting when they are to read again: with one, a break before the reset would lose it', async () => {
    const listener = await new TestTeam().returning('-1');
    expect([listener.greeting, listener.ids]).toEqual([null, ['reset']]);
  });

  it.each([
    ['is from another replica', () => new ChangeSequence().idOf(0)],
    ['is a number of an earlier release', () => '4711'],
    ['is no id at all', () => '-1'],
    ['names a position that was never reached', (testTeam: TestTeam) => testTeam.sequence.idOf(99)],
  ])('that come back with an id that %s read again, once', async (_, id) => {
    const testTeam = new TestTeam();
    testTeam.changes('one');
    const listener = await testTeam.returning(id(testTeam));
    expect(listener.ids).toEqual(['reset']);
    testTeam.changes('two');
    await testTeam.allSent();
    expect(listener.ids).toEqual(['reset', 'two']);
  });

  it('read again when changes may have been missed, and an id from before is not accepted', async () => {
    const testTeam = new TestTeam();
    const listener = testTeam.listener();
    testTeam.changes('one');
    await testTeam.allSent();
    testTeam.sequence.restart();
    testTeam.team.missed();
    testTeam.changes('two');
    await testTeam.allSent();
    expect(listener.ids).toEqual(['one', 'reset', 'two']);
    expect((await testTeam.returning(listener.eventIds[0])).ids).toEqual(['reset']);
  });

  it('run two queries at a time', async () => {
    const { team } = new TestTeam();
    let [running, most] = [0, 0];
    const question = async (): Promise<void> => {
      running += 1;
      most = Math.max(most, running);
      await new Promise((resolve) => setImmediate(resolve));
      running -= 1;
    };
    await Promise.all(Array.from({ length: 20 }, () => team.questions.run(question)));
    expect(most).toBe(2);
  });
});

/** A team with changing checks and its listeners. */
class TestTeam {
  reads = 0;
  private slow: Promise<void> = Promise.resolve();
  readonly sequence = new ChangeSequence();
  readonly team: TeamUpdates;

  constructor() {
    const of = async (_team: string, ids: readonly string[]): Promise<CheckRow[]> => {
      this.reads += 1;
      await this.slow;
      // In another order than the ids.
      return [...ids].reverse().map((id) => ({ id, resendable: false }) as CheckRow);
    };
    const presenter = { vendorsOf: async () => noVendors } as unknown as CheckPresenter;
    this.team = new TeamUpdates('team', { of } as unknown as CheckChangesView, presenter, this.sequence);
  }

  changes(id: string): void {
    this.team.changed(id, this.sequence.next());
  }

  /** Until the returned function is called. */
  readsSlowly(): () => void {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.slow = promise;
    return resolve;
  }

  listener(): TestListener {
    const listener = new TestListener();
    void this.team.add(listener.stream, null);
    return listener;
  }

  async returning(eventId = 'none'): Promise<TestListener> {
    const listener = new TestListener();
    await this.team.add(listener.stream, eventId);
    return listener;
  }

  allSent(): Promise<void> {
    return this.team.catchUp();
  }
}

class TestListener {
  readonly ids: string[] = [];
  readonly eventIds: string[] = [];
  greeting: string | null = '';
  private readonly take = ({ checks }: Changes): void => {
    this.ids.push(...checks.map(({ id }) => id));
    this.eventIds.push(...checks.map(({ eventId }) => eventId));
  };
  readonly stream = {
    take: this.take,
    begin: this.take,
    greet: (id: string | null) => (this.greeting = id),
    reset: () => this.ids.push('reset'),
  } as unknown as UpdateStream;
}
