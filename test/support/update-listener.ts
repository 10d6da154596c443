import { eventually } from './eventually.js';
import type { Person } from './people.js';

export interface Update {
  id: string;
  event: string;
  data: { id: string; status: string; result: string | null; results_url: string | null };
}

/** A client that listens to `/updates`. */
export class UpdateListener {
  readonly updates: Update[] = [];
  comments = 0;
  ended = false;
  lastEventId = '';
  private readonly stop = new AbortController();
  private buffer = '';

  private constructor(readonly response: Response) {}

  /** Resolves after the greeting of the stream. Every later change must arrive. */
  static start(person: Person, lastEventId?: string): Promise<UpdateListener> {
    return UpdateListener.at(person.url, {
      ...person.credential,
      ...(lastEventId === undefined ? {} : { 'last-event-id': lastEventId }),
    });
  }

  /** The same with other headers for authentication. */
  static async at(url: string, headers: Record<string, string>): Promise<UpdateListener> {
    const stop = new AbortController();
    const response = await fetch(new URL('/ats/v0/updates', url), { signal: stop.signal, headers });
    const listener = new UpdateListener(response);
    stop.signal.addEventListener('abort', () => undefined);
    listener.stop.signal.addEventListener('abort', () => stop.abort());
    void listener.read();
    if (response.status === 200) {
      await eventually('the stream greets', async () => listener.lastEventId, Boolean);
    }
    return listener;
  }

  close(): void {
    this.stop.abort();
  }

  about(checkId: string): Update['data'][] {
    return this.updates.filter(({ data }) => data.id === checkId).map(({ data }) => data);
  }

  hears(checkId: string, status: string, withinMs = 10_000): Promise<Update['data'][]> {
    return eventually(
      `the listener hears that the check is ${status}`,
      async () => this.about(checkId),
      (heard) => heard.some((data) => data.status === status),
      withinMs,
    );
  }

  private async read(): Promise<void> {
    const decoder = new TextDecoder();
    try {
      for await (const chunk of this.response.body ?? []) {
        this.buffer += decoder.decode(chunk as Uint8Array, { stream: true });
        const blocks = this.buffer.split('\n\n');
        this.buffer = blocks.pop() ?? '';
        for (const block of blocks) this.take(block);
      }
    } catch {
      // The stream is over, whether the client or the server closed it.
    }
    this.ended = true;
  }

  private take(block: string): void {
    const fields = new Map<string, string>();
    for (const line of block.split('\n')) {
      if (line.startsWith(':')) this.comments += 1;
      else fields.set(line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 1).trim());
    }
    const { id, event, data } = Object.fromEntries(fields);
    if (id !== undefined) this.lastEventId = id;
    if (data !== undefined && event !== undefined)
      this.updates.push({ id: id ?? '', event, data: JSON.parse(data) as Update['data'] });
  }
}
