import type { Logger } from '@nestjs/common';
import { describeError } from './describe-error.js';

/** Tries come every second or two: this long without a failure means that the outage is over. */
const quietMs = 5_000;

/** Logs one line when something begins to fail and one when the failure has ended, however many tries failed in between. */
export class Outage {
  private begun: number | undefined;
  private last = 0;
  private failures = 0;
  private quiet: NodeJS.Timeout | undefined;

  constructor(
    private readonly log: Logger,
    private readonly what: string,
  ) {}

  note(error: unknown): void {
    this.last = performance.now();
    this.failures += 1;
    if (this.begun === undefined) {
      this.begun = this.last;
      this.log.warn(`${this.what}: ${describeError(error)}`);
    }
    clearTimeout(this.quiet);
    this.quiet = setTimeout(() => this.over(), quietMs).unref();
  }

  private over(): void {
    const seconds = Math.round((this.last - (this.begun ?? this.last)) / 1000);
    this.log.log(`${this.what}: works again (${this.failures} failures in ${seconds} s)`);
    this.begun = undefined;
    this.failures = 0;
  }
}
