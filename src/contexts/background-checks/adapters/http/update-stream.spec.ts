import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import { Writable } from 'node:stream';
import { Caller } from '#kernel/caller';
import type { Id } from '#kernel/id';
import type { CheckAnswer } from '../../views/check-answer.js';
import { type ChangedCheck, type Listener, type News, UpdateStream } from './update-stream.js';

describe('A listener who reads slowly [F5]', () => {
  it('gets nothing more of a job once their right to it is taken, though it was read before', async () => {
    const listener = new SlowListener();
    const rights = { jobIds: ['job' as Id] };
    const person = personWith(rights);
    const stream = new UpdateStream(person, listener.out);
    stream.begin(newsOf('first', 'second', 'third'));
    await listener.hasRead(1);
    rights.jobIds = [];
    listener.goesOn();
    await person.wasAsked(2);
    expect(listener.heard()).toEqual(['first']);
  });

  it('gets everything, each once, while they keep it', async () => {
    const listener = new SlowListener();
    const stream = new UpdateStream(personWith({ jobIds: ['job' as Id] }), listener.out);
    stream.begin(newsOf('first', 'second'));
    stream.take(newsOf('third'));
    for (const read of [1, 2, 3]) {
      await listener.hasRead(read);
      listener.goesOn();
    }
    expect(listener.heard()).toEqual(['first', 'second', 'third']);
  });

  it('hears what they missed before what changed meanwhile', async () => {
    const listener = new SlowListener();
    const stream = new UpdateStream(personWith({ jobIds: ['job' as Id] }), listener.out);
    stream.take(newsOf('later'));
    stream.begin(newsOf('missed'));
    await listener.hasRead(1);
    listener.goesOn();
    await listener.hasRead(2);
    expect(listener.heard()).toEqual(['missed', 'later']);
  });

  it('is let go once they have taken nothing for a while', async () => {
    const listener = new SlowListener();
    const stream = new UpdateStream(personWith({ jobIds: ['job' as Id] }), listener.out, 30);
    stream.begin(newsOf('first', 'second'));
    await once(listener.out, 'close');
    expect([stream.closed, listener.heard()]).toEqual([true, ['first']]);
  });

  it('is let go when more than a thousand changes wait for them', async () => {
    const listener = new SlowListener();
    const stream = new UpdateStream(personWith({ jobIds: ['job' as Id] }), listener.out);
    stream.begin(newsOf('first'));
    await listener.hasRead(1);
    for (let i = 0; i < 100; i += 1) stream.take(newsOf(...Array.from({ length: 10 }, (_, n) => `${i}-${n}`)));
    expect(stream.closed).toBe(false);
    stream.take(newsOf('one too many'));
    expect([stream.closed, listener.out.destroyed]).toEqual([true, true]);
  });
});

/** Takes one event at a time, and the next one only when told to go on. */
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

  heard(): string[] {
    return this.texts.map((text) => (JSON.parse(/data: (.*)/.exec(text)?.[1] ?? '') as { id: string }).id);
  }
}

const newsOf = (...ids: string[]): News => ({
  checks: ids.map(
    (id) => ({ id, job_id: 'job', candidate_id: 'ada', version: 1, eventId: 'here.1' }) as unknown as ChangedCheck,
  ),
  connected: true,
});

function personWith(rights: { jobIds: Id[] }): Listener & { wasAsked: (times: number) => Promise<void> } {
  const person = { id: 'user' as Id, name: 'Ada' };
  let times = 0;
  let asked = Promise.withResolvers<void>();
  return {
    teamId: 'team',
    userId: 'user',
    whoNow: async () => {
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
      // What follows from the answer has happened by the next turn.
      await new Promise((resolve) => setImmediate(resolve));
    },
  };
}
