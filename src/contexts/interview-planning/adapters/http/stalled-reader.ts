import type { ServerResponse } from 'node:http';

/** Ends the connection of a client that does not read its answer. An error line would not reach it. */
export class StalledReader {
  constructor(
    private readonly answer: ServerResponse,
    private readonly idleMs: number,
  ) {}

  /** Passes the lines on. A line that is not taken in time ends the connection, and with it the import. */
  async *watched(lines: AsyncIterable<string>): AsyncGenerator<string> {
    for await (const line of lines) {
      const timer = setTimeout(() => this.answer.destroy(), this.idleMs);
      try {
        yield line;
      } finally {
        clearTimeout(timer);
      }
    }
    this.endWithin();
  }

  /** The rest of a complete answer must be read in time too. Otherwise the import would hold its place indefinitely. */
  private endWithin(): void {
    const timer = setTimeout(() => this.answer.destroy(), this.idleMs).unref();
    this.answer.once('finish', () => clearTimeout(timer));
  }
}
