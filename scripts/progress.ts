/** Shows progress on the terminal: one line that changes, or a line per step where the output is no terminal. */
export class Progress {
  private readonly begun = performance.now();
  private readonly live = process.stdout.isTTY;
  private last = '';

  seconds(): string {
    return ((performance.now() - this.begun) / 1000).toFixed(1);
  }

  /** Shows the step, runs it, and shows how long it took. */
  async step<T>(what: string, work: () => Promise<T>): Promise<T> {
    const begun = performance.now();
    this.say(what);
    const result = await work();
    const took = `${((performance.now() - begun) / 1000).toFixed(1)} s`.padStart(7);
    this.end();
    console.log(`${took}  ${what}`);
    return result;
  }

  /** Shows how far the present step is. */
  say(what: string): void {
    if (!this.live || what === this.last) return;
    this.last = what;
    process.stdout.write(`\r\x1b[K         ${what} …`);
  }

  /** Clears the line that changes. */
  end(): void {
    if (this.live && this.last) process.stdout.write('\r\x1b[K');
    this.last = '';
  }
}
