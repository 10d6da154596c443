import { createConnection, type Socket } from 'node:net';
import type { Person } from './people.js';

export interface LineAnswer {
  line: number;
  status: string;
  errors: { json: Record<string, string[]> } | null;
}

/** An import whose lines the test sends one by one. Answers are collected as they arrive. */
export class SentLines {
  readonly answers: LineAnswer[] = [];
  readonly ended: Promise<'whole' | 'broken'>;
  private readonly writer: WritableStreamDefaultWriter<Uint8Array>;

  private constructor(person: Person, sending: TransformStream<Uint8Array, Uint8Array>) {
    this.writer = sending.writable.getWriter();
    this.writer.closed.catch(() => undefined);
    this.ended = this.read(person, sending.readable).then(
      () => 'whole',
      () => 'broken',
    );
  }

  static begin(person: Person): SentLines {
    return new SentLines(person, new TransformStream<Uint8Array, Uint8Array>());
  }

  async send(line: object): Promise<void> {
    await this.writer.write(new TextEncoder().encode(`${JSON.stringify(line)}\n`)).catch(() => undefined);
  }

  async finish(): Promise<'whole' | 'broken'> {
    await this.writer.close().catch(() => undefined);
    return this.ended;
  }

  /** Closes the connection before the import is complete. */
  async hangUp(): Promise<'whole' | 'broken'> {
    await this.writer.abort().catch(() => undefined);
    return this.ended;
  }

  private async read(person: Person, body: ReadableStream<Uint8Array>): Promise<void> {
    const headers = { authorization: `Bearer ${person.token}`, 'content-type': 'application/x-ndjson' };
    const init = { method: 'POST', headers, body, duplex: 'half' } as const;
    const answer = await fetch(new URL('/ats/v0/imports', person.url), init);
    let text = '';
    for await (const piece of answer.body?.pipeThrough(new TextDecoderStream()) ?? []) {
      text += piece;
      const lines = text.split('\n');
      text = lines.pop() ?? '';
      for (const line of lines) this.answers.push(JSON.parse(line) as LineAnswer);
    }
  }
}

/** An import whose response is never read, sent as fast as the server accepts it. */
export function unreadImport(person: Person, line: string, bytes: number): Socket {
  const { hostname, port } = new URL(person.url);
  const socket = createConnection({ host: hostname, port: Number(port) });
  socket.on('error', () => undefined).pause();
  const head = ['Host: ats', `Authorization: Bearer ${person.token}`, 'Content-Type: application/x-ndjson'];
  const count = Math.floor(bytes / line.length);
  socket.write(
    `POST /ats/v0/imports HTTP/1.1\r\n${head.join('\r\n')}\r\nContent-Length: ${count * line.length}\r\n\r\n`,
  );
  const piece = Buffer.from(line.repeat(1_000));
  let left = Math.floor(count / 1_000);
  const more = (): void => {
    while (left > 0 && !socket.destroyed) {
      left -= 1;
      if (!socket.write(piece)) return void socket.once('drain', more);
    }
  };
  more();
  return socket;
}
