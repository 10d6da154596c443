import type { Readable } from 'node:stream';

const newline = 0x0a;
const longestLine = 1024 * 1024;

/** One line of a body: its number from 1, and its value, or why it has none. */
export type NumberedLine = { number: number } & ({ value: unknown } | { fault: string });

function parsed(number: number, bytes: Buffer): NumberedLine | null {
  if (bytes.length > longestLine) return { number, fault: 'is longer than 1 MiB' };
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    return text.trim() === '' ? null : { number, value: JSON.parse(text) as unknown };
  } catch {
    return { number, fault: 'is not valid JSON' };
  }
}

/** Cuts bytes into lines as they arrive. Of a line that is too long only the beginning is kept. */
async function* lines(body: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  let pieces: Buffer[] = [];
  let length = 0;
  const keep = (piece: Buffer) => {
    if (length <= longestLine) pieces.push(piece);
    length += piece.length;
  };
  for await (const chunk of body) {
    let start = 0;
    for (let end = chunk.indexOf(newline); end !== -1; end = chunk.indexOf(newline, start)) {
      keep(chunk.subarray(start, end));
      yield Buffer.concat(pieces);
      pieces = [];
      length = 0;
      start = end + 1;
    }
    keep(chunk.subarray(start));
  }
  if (length > 0) yield Buffer.concat(pieces);
}

/** The lines of an NDJSON body. Blank ones are counted and passed over. */
export async function* numberedLines(body: AsyncIterable<Buffer>): AsyncGenerator<NumberedLine> {
  let number = 0;
  for await (const bytes of lines(body)) {
    number += 1;
    const line = parsed(number, bytes);
    if (line) yield line;
  }
}

/** A body that turned out larger than allowed while it was being read. */
export class BodyTooLarge extends Error {}

/**
 * Takes a body in as fast as it comes, up to a limit, and hands it on as fast as it is asked for. Work on the lines takes
 * longer than the server's limit for receiving a request; the sender must not wait for it.
 */
export async function* takenInAhead(body: Readable, limit: number): AsyncGenerator<Buffer> {
  const waiting: Buffer[] = [];
  let received = 0;
  let ended: { error: Error | null } | undefined;
  let wake = () => {};
  const end = (error: Error | null) => {
    ended ??= { error };
    wake();
  };
  body.on('data', (chunk: Buffer) => {
    received += chunk.length;
    if (received <= limit) waiting.push(chunk);
    else end(new BodyTooLarge());
    wake();
  });
  body.once('end', () => end(null));
  body.once('error', end);
  body.once('close', () => end(new Error('The sender went away.')));
  for (;;) {
    const chunk = waiting.shift();
    if (chunk) yield chunk;
    else if (!ended) await new Promise<void>((resolve) => (wake = resolve));
    else if (ended.error) throw ended.error;
    else return;
  }
}
