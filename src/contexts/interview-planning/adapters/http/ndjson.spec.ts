import { PassThrough, Readable } from 'node:stream';
import { arriving, type NumberedLine, numberedLines, Unread } from './ndjson.js';

const mebibyte = 1024 * 1024;
const wide = { bytes: 50 * mebibyte, lines: 250_000 };

describe('reading NDJSON', () => {
  it('numbers lines from 1, however the bytes are split', async () => {
    const text = '{"a":"ä€"}\n{"b":2}\r\n{"c":3}';
    for (let size = 1; size <= 8; size += 1) {
      expect(await linesOf(pieces(Buffer.from(text), size))).toEqual([
        { number: 1, value: { a: 'ä€' } },
        { number: 2, value: { b: 2 } },
        { number: 3, value: { c: 3 } },
      ]);
    }
  });

  it('counts blank lines without reporting them, and needs no newline at the end', async () => {
    expect(await linesOf([Buffer.from('1\n\n  \n4\n')])).toEqual([
      { number: 1, value: 1 },
      { number: 4, value: 4 },
    ]);
  });

  it('reports a line that is no JSON or no UTF-8 and goes on', async () => {
    const body = [Buffer.from('{"a":\n'), Buffer.from([0x22, 0xff, 0x22, 0x0a]), Buffer.from('3\n')];
    const fault = 'is not valid JSON';
    expect(await linesOf(body)).toEqual([
      { number: 1, fault },
      { number: 2, fault },
      { number: 3, value: 3 },
    ]);
  });

  it('reports a line that is too long and goes on', async () => {
    const long = Buffer.alloc(3 * mebibyte, 'x');
    expect(await linesOf([long, Buffer.from('\n2\n')])).toEqual([
      { number: 1, fault: 'is longer than 1 MiB' },
      { number: 2, value: 2 },
    ]);
  });
});

describe('reading with limits', () => {
  const blank = (count: number) => Buffer.alloc(count, '\n');

  it('stops at the limit of bytes, after what was within it', async () => {
    const lines = numberedLines(Readable.from([Buffer.from('1\n2'), Buffer.from('3\n4')]), { bytes: 5, lines: 9 });
    expect((await lines.next()).value).toEqual({ number: 1, value: 1 });
    expect((await lines.next()).value).toEqual({ number: 2, value: 23 });
    await expect(lines.next()).rejects.toBeInstanceOf(Unread);
  });

  it('stops at the limit of lines, blank ones included', async () => {
    const exactly = numberedLines(Readable.from([blank(1_000), Buffer.from('1\n')]), { bytes: mebibyte, lines: 1_001 });
    expect(await collected(exactly)).toEqual([{ number: 1_001, value: 1 }]);
    const beyond = numberedLines(Readable.from([blank(1_001), Buffer.from('1\n')]), { bytes: mebibyte, lines: 1_001 });
    await expect(collected(beyond)).rejects.toThrow('is beyond 1001 lines');
  });

  it('yields to other work while it reads a chunk full of lines', async () => {
    let turns = 0;
    const timer = setInterval(() => (turns += 1), 1);
    const lines = numberedLines(Readable.from([Buffer.from('x\n'.repeat(40_000))]), wide);
    expect(await collected(lines)).toHaveLength(40_000);
    clearInterval(timer);
    expect(turns).toBeGreaterThan(3);
  });

  it('reads a line that comes byte by byte as one line', async () => {
    const text = JSON.stringify({ a: 'x'.repeat(300_000) });
    const [line] = await linesOf(pieces(Buffer.from(`${text}\n`), 1));
    expect(line).toEqual({ number: 1, value: JSON.parse(text) as unknown });
  });
});

describe('a body as it arrives', () => {
  const soon = () => ({ idleMs: 50, endsAt: Date.now() + 10_000 });

  it('is taken only as fast as it is read: the sender waits', async () => {
    const body = new PassThrough({ highWaterMark: 1_000 });
    let taken = 0;
    while (body.write(Buffer.alloc(100, 'x'))) taken += 100;
    const reading = arriving(body, soon());
    await reading.next();
    while (body.write(Buffer.alloc(100, 'x'))) taken += 100;
    expect(taken).toBeLessThan(5_000);
    await reading.return(undefined);
    expect(body.destroyed).toBe(false);
  });

  it('is given up when nothing comes', async () => {
    await expect(collected(arriving(new PassThrough(), soon()))).rejects.toThrow('nothing came');
  });

  it('is given up when its time is over, even if it comes steadily', async () => {
    const body = new PassThrough();
    const timer = setInterval(() => body.write('x'), 5);
    const late = collected(arriving(body, { idleMs: 1_000, endsAt: Date.now() + 60 }));
    await expect(late).rejects.toThrow('time that an import may take');
    clearInterval(timer);
  });

  it('ends in an error when the sender goes away', async () => {
    const body = new PassThrough();
    const reading = collected(arriving(body, soon()));
    body.destroy();
    await expect(reading).rejects.toThrow();
  });
});

async function linesOf(chunks: Buffer[]): Promise<NumberedLine[]> {
  return collected(numberedLines(Readable.from(chunks), wide));
}

async function collected<T>(all: AsyncIterable<T>): Promise<T[]> {
  const found: T[] = [];
  for await (const one of all) found.push(one);
  return found;
}

const pieces = (bytes: Buffer, size: number): Buffer[] =>
  Array.from({ length: Math.ceil(bytes.length / size) }, (_, i) => bytes.subarray(i * size, (i + 1) * size));
