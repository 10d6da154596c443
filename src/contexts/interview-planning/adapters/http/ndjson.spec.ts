import { PassThrough, Readable } from 'node:stream';
import { BodyTooLarge, type NumberedLine, numberedLines, takenInAhead } from './ndjson.js';

const mebibyte = 1024 * 1024;

describe('reading NDJSON', () => {
  it('numbers lines from 1, however the bytes are cut', async () => {
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

describe('taking a body in ahead', () => {
  it('hands on all bytes in their order', async () => {
    expect(await textOf(takenInAhead(Readable.from([Buffer.from('one '), Buffer.from('two')]), 100))).toBe('one two');
  });

  it('takes everything in while nobody asks yet', async () => {
    const body = new PassThrough({ highWaterMark: 10 });
    const ahead = takenInAhead(body, mebibyte);
    const first = ahead.next();
    for (let i = 0; i < 50; i += 1) body.write(Buffer.alloc(1000, 'x'));
    body.end();
    await new Promise((resolve) => body.once('end', resolve));
    expect((await first).done).toBe(false);
  });

  it('ends in an error beyond the limit, after what was within it', async () => {
    const ahead = takenInAhead(Readable.from([Buffer.from('12345'), Buffer.from('678901')]), 10);
    expect((await ahead.next()).value).toEqual(Buffer.from('12345'));
    await expect(ahead.next()).rejects.toBeInstanceOf(BodyTooLarge);
  });

  it('ends in an error when the sender goes away', async () => {
    const body = new PassThrough();
    const ahead = takenInAhead(body, 10);
    const next = ahead.next();
    body.destroy();
    await expect(next).rejects.toThrow('went away');
  });
});

async function linesOf(chunks: Buffer[]): Promise<NumberedLine[]> {
  return collected(numberedLines(Readable.from(chunks)));
}

async function collected<T>(all: AsyncIterable<T>): Promise<T[]> {
  const found: T[] = [];
  for await (const one of all) found.push(one);
  return found;
}

async function textOf(body: AsyncIterable<Buffer>): Promise<string> {
  return Buffer.concat(await collected(body)).toString();
}

const pieces = (bytes: Buffer, size: number): Buffer[] =>
  Array.from({ length: Math.ceil(bytes.length / size) }, (_, i) => bytes.subarray(i * size, (i + 1) * size));
