import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import { Writable } from 'node:stream';
import { Caller } from '#kernel/caller';
import type { Id } from '#kernel/id';
import type { CheckAnswer } from '../../views/check-answer.js';
import { noVendors } from '../../views/check-presenter.js';
import { type ChangedCheck, type Listener, type Changes, UpdateStream } from './update-stream.js';

describe('A listener who reads slowly [F5]', () => {
  it('gets no more changes of a job once the right to it is taken, also none that were read before', async () => {
    const listener = new SlowListener();
    const rights = { jobIds: ['job' as Id] };
    const person = personWith(rights);
    const stream = new UpdateStream(person, listener.out);
    stream.begin(changesOf('first', 'second', 'third'));
    await listener.hasRead(1);
    rights.jobIds = [];
    listener.goesOn();
    await person.wasAsked(2);
    expect(listener.receivedIds()).toEqual(['first']);
  });

  it('gets every change once, while the right is kept', async () => {
    const listener = new SlowListener();
    const stream = new UpdateStream(personWith({ jobIds: ['job' as Id] }), listener.out);
    stream.begin(changesOf('first', 'second'));
    stream.take(changesOf('third'));
    for (const read of [1, 2, 3]) {
      await listener.hasRead(read);
      listener.goesOn();
    }
    expect(listener.receivedIds()).toEqual(['first', 'second', 'third']);
  });

  it('gets what was missed before what changed meanwhile', async () => {
    const listener = new SlowListener();
    const stream = new UpdateStream(personWith({ jobIds: ['job' as Id] }), listener.out);
    stream.take(changesOf('later'));
    stream.begin(changesOf('missed'));
    await listener.hasRead(1);
    listener.goesOn();
    await listener.hasRead(2);
    expect(listener.receivedIds()).toEqual(['missed', 'later']);
  });

  it('is disconnected after reading nothing for a while', async () => {
    const listener = new SlowListener();
    const stream = new UpdateStream(personWith({ jobIds: ['job' as Id] }), listener.out, 30);
    stream.begin(changesOf('first', 'second'));
    await once(listener.out, 'close');
    expect([stream.closed, listener.receivedIds()]).toEqual([true, ['first']]);
  });

  it('is disconnected when more than a thousand changes wait', async () => {
    const listener = new SlowListener();
    const stream = new UpdateStream(personWith({ jobIds: ['job' as Id] }), listener.out);
    stream.begin(changesOf('first'));
    await listener.hasRead(1);
    for (let i = 0; i < 100; i += 1) stream.take(changesOf(...Array.from({ length: 10 }, (_, n) => `${i}-${n}`)));
    expect(stream.closed).toBe(false);
    stream.take(changesOf('one too many'));
    expect([stream.closed, listener.out.destroyed]).toEqual([true, true]);
  });
});

/** Reads one event at a time, and the next one only after `goesOn`. */
class SlowListener {
  private readonly texts: string[] = [];
  private waiting: (() => void) | undefined;
  private arrived = Promise.withResolvers<void>();
  private readonly stream = new Writable({
    highWaterMark: 1,
    write: (chunk: Buffer, _encoding, done) => {
      this.texts.push(String(chunk));
      this.waiting = done;
      this.arrived.resolve();
    },
  });
  readonly out = this.stream as unknown as ServerResponse;

  async hasRead(events: number): Promise<void> {
    while (this.texts.length < events) await this.arrived.promise;
  }

  goesOn(): void {
    this.arrived = Promise.withResolvers<void>();
    this.waiting?.();
  }

  receivedIds(): string[] {
    return this.texts.map((text) => (JSON.parse(/data: (.*)/.exec(text)?.[1] ?? '') as { id: string }).id);
  }
}

const changesOf = (...ids: string[]): Changes => ({
  checks: ids.map(
    (id) => ({ id, job_id: 'job', candidate_id: 'ada', version: 1, eventId: 'here.1' }) as unknown as ChangedCheck,
  ),
  vendors: noVendors,
});

function personWith(rights: { jobIds: Id[] }): Listener & { wasAsked: (times: number) => Promise<void> } {
  const person = { id: 'user' as Id, name: 'Ada' };
  let times = 0;
  let asked = Promise.withResolvers<void>();
  return {
    teamId: 'team',
    userId: 'user',
    currentCaller: async () => {
      times += 1;
      asked.resolve();
      return new Caller('team', person, 'limited', { kind: 'only', jobIds: [...rights.jobIds] }, new Map(), []);
    },
    present: ({ id }) => ({ id }) as CheckAnswer,
    wasAsked: async (wanted) => {
      while (times < wanted) {
        asked = Promise.withResolvers();
        await asked.promise;
      }
      // By the next turn of the event loop the answer has been handled.
      await new Promise((resolve) => setImmediate(resolve));
    },
  };
}
