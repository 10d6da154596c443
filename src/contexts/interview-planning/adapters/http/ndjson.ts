import type { Readable } from 'node:stream';
import { setImmediate as nextTurn } from 'node:timers/promises';

const newline = 0x0a;
const longestLine = 1024 * 1024;
/** How long reading may block the event loop at a stretch. */
const atAStretchMs = 10;

/** One line of a body: its number from 1, and its value, or the reason why it has none. */
export type NumberedLine = { number: number } & ({ value: unknown } | { fault: string });

/** The rest of a body was not read. `message` tells the sender why. */
export class Unread extends Error {}

export interface BodyLimits {
  bytes: number;
  /** Blank lines count too. */
  lines: number;
}

function parsed(number: number, bytes: Buffer | null): NumberedLine | null {
  if (!bytes) return { number, fault: 'is longer than 1 MiB' };
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    return text.trim() === '' ? null : { number, value: JSON.parse(text) as unknown };
  } catch {
    return { number, fault: 'is not valid JSON' };
  }
}

/** Buffers the beginning of a line until its end arrives. */
class Unfinished {
  private bytes = Buffer.alloc(0);
  private length = 0;

  add(piece: Buffer): void {
    const before = this.length;
    this.length += piece.length;
    if (this.length > longestLine) {
      this.bytes = Buffer.alloc(0);
    } else {
      if (this.length > this.bytes.length) this.grow();
      piece.copy(this.bytes, before);
    }
  }

  /** The whole line; null when it is too long. */
  finish(last: Buffer): Buffer | null {
    if (this.length === 0) return last.length > longestLine ? null : last;
    this.add(last);
    const line = this.length > longestLine ? null : Buffer.from(this.bytes.subarray(0, this.length));
    this.length = 0;
    return line;
  }

  get begun(): boolean {
    return this.length > 0;
  }

  private grow(): void {
    const larger = Buffer.allocUnsafe(Math.max(this.length, 2 * this.bytes.length));
    this.bytes.copy(larger);
    this.bytes = larger;
  }
}

/**
 * The lines of an NDJSON body, read only as fast as they are taken. Blank lines are counted and skipped. Throws
 * `Unread` when a limit is reached, after the lines within it.
 */
export async function* numberedLines(body: AsyncIterable<Buffer>, limits: BodyLimits): AsyncGenerator<NumberedLine> {
  const unfinished = new Unfinished();
  const pause = pauses();
  let [number, received] = [0, 0];
  const next = (bytes: Buffer | null): NumberedLine | null => {
    number += 1;
    if (number > limits.lines) throw new Unread(`is beyond ${limits.lines} lines: it and what follows was not read`);
    return parsed(number, bytes);
  };
  for await (const chunk of body) {
    received += chunk.length;
    const within = received > limits.bytes ? chunk.subarray(0, chunk.length - (received - limits.bytes)) : chunk;
    let start = 0;
    for (let end = within.indexOf(newline); end !== -1; end = within.indexOf(newline, start)) {
      const line = next(unfinished.finish(within.subarray(start, end)));
      start = end + 1;
      if (line) yield line;
      await pause();
    }
    if (start < within.length) unfinished.add(within.subarray(start));
    if (within !== chunk) throw new Unread('begins beyond 50 MiB: it and what follows was not read');
    await pause();
  }
  const last = unfinished.begun ? next(unfinished.finish(Buffer.alloc(0))) : null;
  if (last) yield last;
}

/** Yields to the event loop when reading has blocked it for `atAStretchMs`. */
function pauses(): () => Promise<void> | undefined {
  let since = performance.now();
  return () => {
    if (performance.now() - since < atAStretchMs) return undefined;
    return nextTurn().then(() => void (since = performance.now()));
  };
}

export interface Deadlines {
  idleMs: number;
  /** In milliseconds since 1970. */
  endsAt: number;
}

/**
 * A body as it arrives, taken chunk by chunk, so that a sender who is faster than the reader waits. Throws `Unread` when a
 * deadline passes.
 */
export async function* arriving(body: Readable, { idleMs, endsAt }: Deadlines): AsyncGenerator<Buffer> {
  // The body must stay open when reading stops early, because the answer uses the same connection.
  const chunks = body.iterator({ destroyOnReturn: false }) as AsyncGenerator<Buffer>;
  try {
    for (;;) {
      const left = endsAt - Date.now();
      if (left <= 0) throw overtime();
      const next = await within(Math.min(idleMs, left), chunks.next());
      if (next === 'late') throw left < idleMs ? overtime() : new Unread(idleSentence(idleMs));
      if (next.done) return;
      yield next.value;
    }
  } finally {
    // Not awaited: the next chunk may never arrive.
    chunks.return(undefined).catch(() => undefined);
  }
}

export const overtime = (): Unread => new Unread('was not read: the time that an import may take is over');

const idleSentence = (idleMs: number): string => `was not read: nothing came for ${Math.round(idleMs / 1000)} s`;

async function within<T>(ms: number, work: Promise<T>): Promise<T | 'late'> {
  const { promise: late, resolve } = Promise.withResolvers<'late'>();
  const timer = setTimeout(() => resolve('late'), ms);
  work.catch(() => undefined);
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}
