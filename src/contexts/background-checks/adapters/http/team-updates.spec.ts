import type { ChangedCheck, CheckChanges, Cursor } from '../../views/check-changes.js';
import type { CheckPresenter } from '../../views/check-presenter.js';
import { TeamUpdates } from './team-updates.js';
import type { News, UpdateStream } from './update-stream.js';

describe("One team's listeners", () => {
  it('share one reading of a change, however many they are', async () => {
    const book = new Book();
    const team = book.team();
    const listeners = Array.from({ length: 100 }, () => new Heard());
    for (const listener of listeners) team.add(listener.stream);
    book.changes('first');
    await Promise.all([team.catchUp(), team.catchUp(), team.catchUp()]);
    // The hints that came during the first reading are one more.
    expect(book.readings).toBe(2);
    expect(listeners.every(({ ids }) => ids.join() === 'first')).toBe(true);
  });

  it('hear once what two readings find', async () => {
    const book = new Book();
    const [team, listener] = [book.team(), new Heard()];
    team.add(listener.stream);
    book.changes('first');
    await team.catchUp();
    book.changes('second');
    await team.catchUp();
    expect(listener.ids).toEqual(['first', 'second']);
  });

  it('are told to read again when too much changed, each of them, and hear what comes after', async () => {
    const book = new Book();
    const [team, listener] = [book.team(), new Heard()];
    team.add(listener.stream);
    book.changesTooMuch();
    await team.catchUp();
    book.changes('after');
    await team.catchUp();
    expect(listener.ids).toEqual(['reset', 'after']);
  });

  it('ask two questions at a time', async () => {
    const team = new Book().team();
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

/** Checks that change; a snapshot is how many had. */
class Book {
  readings = 0;
  private readonly changed: ChangedCheck[] = [];
  private tooMuch = false;

  team(): TeamUpdates {
    const changes = { since: (_team: string, _from: Cursor, seen: string | null) => this.read(seen) };
    return new TeamUpdates('team', changes as CheckChanges, { isConnected: never } as unknown as CheckPresenter, '0');
  }

  changes(id: string): void {
    this.changed.push({ id, version: 1, resendable: false, changed_xid: '1' } as ChangedCheck);
  }

  changesTooMuch(): void {
    this.tooMuch = true;
  }

  private async read(seen: string | null): ReturnType<CheckChanges['since']> {
    this.readings += 1;
    const checks = this.tooMuch ? null : this.changed.slice(Number(seen ?? 0));
    this.tooMuch = false;
    return { checks, cursor: String(this.readings), snapshot: String(this.changed.length) };
  }
}

class Heard {
  readonly ids: string[] = [];
  readonly stream = {
    take: ({ checks }: News) => this.ids.push(...checks.map(({ id }) => id)),
    reset: () => this.ids.push('reset'),
  } as unknown as UpdateStream;
}

const never = (): Promise<boolean> => Promise.reject(new Error('Nothing here can be sent again.'));
