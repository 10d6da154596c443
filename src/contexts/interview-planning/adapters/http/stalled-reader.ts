import type { ServerResponse } from 'node:http';

/** Ends the connection of those who do not take their answer: a line they will not read cannot tell them why. */
export class StalledReader {
  constructor(
    private readonly answer: ServerResponse,
    private readonly idleMs: number,
  ) {}

  /** Hands the lines on; a line that is not taken within the time ends the connection, and with it the work. */
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

  /** What is left of a complete answer must be taken in time, too, or it would hold its place for ever. */
  private endWithin(): void {
    const timer = setTimeout(() => this.answer.destroy(), this.idleMs).unref();
    this.answer.once('finish', () => clearTimeout(timer));
  }
}
