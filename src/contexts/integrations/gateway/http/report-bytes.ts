import { pipeline, type Readable, Transform } from 'node:stream';

const signature = '%PDF-';

/** Whether the stream starts with a PDF's first bytes. They stay in the stream. */
export async function startsAsPdf(stream: Readable): Promise<boolean> {
  const chunks = stream.iterator({ destroyOnReturn: false }) as AsyncGenerator<Buffer>;
  const pieces: Buffer[] = [];
  for (let length = 0; length < signature.length;) {
    const next = await chunks.next();
    if (next.done) break;
    pieces.push(next.value);
    length += next.value.length;
  }
  await chunks.return(undefined);
  const head = Buffer.concat(pieces);
  if (head.subarray(0, signature.length).toString('latin1') !== signature) return false;
  if (!stream.readableEnded) stream.unshift(head);
  return true;
}

/** The same bytes within limits. A stream that exceeds the size or the time breaks off. */
export function bounded(source: Readable, limits: { bytes: number; ms: number }): Readable {
  let passed = 0;
  const stream = new Transform({
    transform(piece: Buffer, _encoding, done) {
      passed += piece.length;
      if (passed > limits.bytes) done(new Error('The report is larger than a report may be.'));
      else done(null, piece);
    },
  });
  const timer = setTimeout(() => stream.destroy(new Error('The report took too long.')), limits.ms);
  // If either end breaks off, the pipeline destroys the other. No caller waits for the error.
  return pipeline(source, stream, () => clearTimeout(timer));
}
