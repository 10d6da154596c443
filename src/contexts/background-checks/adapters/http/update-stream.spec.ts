import type { ServerResponse } from 'node:http';
import { Writable } from 'node:stream';
import { Caller } from '#kernel/caller';
import type { Id } from '#kernel/id';
import type { ChangedCheck, CheckChanges } from '../../views/check-changes.js';
import type { CheckPresenter } from '../../views/check-presenter.js';
import { UpdateStream, type UpdateSource } from './update-stream.js';

describe('F5: A listener who reads slowly', () => {
  it('gets nothing more of a job once their right to it is taken, though it was read before', async () => {
    const listener = new SlowListener();
    const rights = { jobIds: ['job' as Id] };
    const stream = new UpdateStream(sourceOf(['first', 'second', 'third'], rights), listener.out, '1');
    const caughtUp = stream.catchUp();
    await listener.hasRead(1);
    rights.jobIds = [];
    listener.goesOn();
    await caughtUp;
    expect(listener.heard()).toEqual(['first']);
  });

  it('gets everything, each once, while they keep it', async () => {
    const listener = new SlowListener();
    const stream = new UpdateStream(
      sourceOf(['first', 'second', 'third'], { jobIds: ['job' as Id] }),
      listener.out,
      '1',
    );
    const caughtUp = stream.catchUp();
    for (const read of [1, 2, 3]) {
      await listener.hasRead(read);
      listener.goesOn();
    }
    await caughtUp;
    expect(listener.heard()).toEqual(['first', 'second', 'third']);
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

function sourceOf(ids: string[], rights: { jobIds: Id[] }): UpdateSource {
  const checks = ids.map((id) => ({ id, job_id: 'job', candidate_id: 'ada', version: 1, changed_xid: '1' }));
  const changes = {
    since: async function* () {
      yield { checks: checks as ChangedCheck[], cursor: '2' };
    },
  };
  const presenter = { present: (shown: { id: string }[]) => Promise.resolve(shown.map(({ id }) => ({ id }))) };
  const person = { id: 'user' as Id, name: 'Ada' };
  return {
    changes: changes as unknown as CheckChanges,
    presenter: presenter as unknown as CheckPresenter,
    teamId: 'team',
    whoNow: () =>
      Promise.resolve(
        new Caller('team', person, 'limited', { kind: 'only', jobIds: [...rights.jobIds] }, new Map(), []),
      ),
  };
}
