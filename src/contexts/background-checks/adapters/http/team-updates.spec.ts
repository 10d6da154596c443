import type { CheckRow } from '../../views/check-answer.js';
import { type CheckChanges, mostAtOnce } from '../../views/check-changes.js';
import type { CheckPresenter } from '../../views/check-presenter.js';
import { Hearing } from './changes-heard.js';
import { TeamUpdates } from './team-updates.js';
import type { News, UpdateStream } from './update-stream.js';

describe("One team's listeners", () => {
  it('share one reading of a change, however many they are', async () => {
    const book = new Book();
    const listeners = Array.from({ length: 100 }, () => book.listener());
    book.changes('first');
    await book.isTold();
    expect(book.readings).toBe(1);
    expect(listeners.every(({ ids }) => ids.join() === 'first')).toBe(true);
  });

  it('hear once of a check that changed several times since the last reading, in the order of the last changes', async () => {
    const book = new Book();
    const listener = book.listener();
    book.changes('first');
    for (const id of ['second', 'third', 'second']) book.changes(id);
    await book.isTold();
    expect(listener.ids).toEqual(['first', 'third', 'second']);
  });

  it('are told to read again when too much changed, each of them, and hear what comes after', async () => {
    const book = new Book();
    const listeners = [book.listener(), book.listener()];
    for (let n = 0; n < mostAtOnce + 2; n += 1) book.changes(`${n}`);
    await book.isTold();
    book.changes('after');
    await book.isTold();
    for (const { ids } of listeners) expect(ids.slice(-2)).toEqual(['reset', 'after']);
  });

  it('who come back are told what they missed, from the last event on', async () => {
    const book = new Book();
    const first = book.listener();
    book.changes('one');
    await book.isTold();
    book.team.remove(first.stream);
    for (const id of ['two', 'three']) book.changes(id);
    expect((await book.returning(first.eventIds.at(-1))).ids).toEqual(['two', 'three']);
    expect((await book.returning(first.greeting ?? '')).ids).toEqual(['one', 'two', 'three']);
  });

  it('who break off before they were told what they missed are told it when they come back once more', async () => {
    const book = new Book();
    const first = book.listener();
    book.changes('one');
    await book.isTold();
    book.team.remove(first.stream);
    book.changes('two');
    const release = book.readsSlowly();
    const cutOff = new Heard();
    const told = book.team.add(cutOff.stream, first.eventIds.at(-1) ?? '');
    book.team.remove(cutOff.stream);
    const next = book.returning(cutOff.greeting ?? first.eventIds.at(-1));
    release();
    await told;
    expect((await next).ids).toEqual(['two']);
  });

  it('get no new id with the greeting when they are to read again: without that they would not know', async () => {
    const listener = await new Book().returning('-1');
    expect([listener.greeting, listener.ids]).toEqual([null, ['reset']]);
  });

  it.each([
    ['is from another replica', () => new Hearing().idOf(0)],
    ['is a number of an earlier release', () => '4711'],
    ['is no id at all', () => '-1'],
    ['names a place that nobody came to', (book: Book) => book.hearing.idOf(99)],
  ])('who come back with an id that %s read again, once', async (_, id) => {
    const book = new Book();
    book.changes('one');
    const listener = await book.returning(id(book));
    expect(listener.ids).toEqual(['reset']);
    book.changes('two');
    await book.isTold();
    expect(listener.ids).toEqual(['reset', 'two']);
  });

  it('read again when something may have been missed, and an id from before is not believed', async () => {
    const book = new Book();
    const listener = book.listener();
    book.changes('one');
    await book.isTold();
    book.hearing.restart();
    book.team.missed();
    book.changes('two');
    await book.isTold();
    expect(listener.ids).toEqual(['one', 'reset', 'two']);
    expect((await book.returning(listener.eventIds[0])).ids).toEqual(['reset']);
  });

  it('ask two questions at a time', async () => {
    const { team } = new Book();
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

/** A team whose checks change. */
class Book {
  readings = 0;
  private slow: Promise<void> = Promise.resolve();
  readonly hearing = new Hearing();
  readonly team: TeamUpdates;

  constructor() {
    const of = async (_team: string, ids: readonly string[]): Promise<CheckRow[]> => {
      this.readings += 1;
      await this.slow;
      // In no order.
      return [...ids].reverse().map((id) => ({ id, resendable: false }) as CheckRow);
    };
    const presenter = { isConnected: never } as unknown as CheckPresenter;
    this.team = new TeamUpdates('team', { of } as unknown as CheckChanges, presenter, this.hearing);
  }

  changes(id: string): void {
    this.team.changed(id, this.hearing.next());
  }

  /** Until the returned function is called. */
  readsSlowly(): () => void {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.slow = promise;
    return resolve;
  }

  listener(): Heard {
    const heard = new Heard();
    void this.team.add(heard.stream, null);
    return heard;
  }

  async returning(eventId = 'none'): Promise<Heard> {
    const heard = new Heard();
    await this.team.add(heard.stream, eventId);
    return heard;
  }

  isTold(): Promise<void> {
    return this.team.catchUp();
  }
}

class Heard {
  readonly ids: string[] = [];
  readonly eventIds: string[] = [];
  greeting: string | null = '';
  private readonly take = ({ checks }: News): void => {
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

const never = (): Promise<boolean> => Promise.reject(new Error('Nothing here can be sent again.'));
