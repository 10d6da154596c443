import { isDatabaseDown, isOvertime } from './database/failures.js';

interface Waiting<Ask, Answer> {
  ask: Ask;
  /** Already answered, because its time ran out. */
  answered: boolean;
  resolve: (answer: Answer) => void;
  reject: (reason: unknown) => void;
}

export interface BatcherOptions<Ask> {
  /** Asks with the same key are never in one batch: the second must see what the first one did. */
  apart?: (ask: Ask) => string;
  /** The most that one batch holds. Default 100. */
  limit?: number;
  /** With this many asks waiting, a new one fails at once with `Overloaded`. Default 1000. */
  mostWaiting?: number;
  /**
   * Milliseconds after which an ask fails with `Overloaded`, whether it waits or is in a running batch. While a batch takes longer
   * than that, new asks fail at once: waiting would not get them an answer. Default 1500.
   */
  patienceMs?: number;
}

/**
 * The work does not keep up. An ask in a running batch may still complete. Use a batcher only for idempotent work that the caller
 * repeats.
 */
export class Overloaded extends Error {
  constructor() {
    super('more was asked than could be worked in time');
  }
}

/**
 * Combines the work of many callers. Asks that arrive while a batch runs form the next batch. An ask that arrives alone starts at
 * once. Each caller gets its answer when its batch is done. When one bad ask fails a batch, every ask of it is tried again alone.
 * When the work is slow, new callers fail early instead of piling up.
 */
export class Batcher<Ask, Answer> {
  private waiting: Waiting<Ask, Answer>[] = [];
  private busy = false;
  /** When the running batch began; Infinity: none is running. */
  private begunAt = Infinity;

  /** `work` returns the answers in the order of the asks, or throws and has changed nothing. */
  constructor(
    private readonly work: (asks: Ask[]) => Promise<Answer[]>,
    private readonly options: BatcherOptions<Ask> = {},
  ) {}

  ask(ask: Ask): Promise<Answer> {
    const { mostWaiting = 1_000, patienceMs = 1_500 } = this.options;
    if (this.waiting.length >= mostWaiting || performance.now() - this.begunAt > patienceMs)
      return Promise.reject(new Overloaded());
    return new Promise((resolve, reject) => {
      const one: Waiting<Ask, Answer> = { ask, answered: false, resolve, reject };
      const late = setTimeout(() => {
        one.reject(new Overloaded());
        this.waiting = this.waiting.filter((other) => other !== one);
      }, patienceMs).unref();
      const once =
        <Given>(answer: (given: Given) => void) =>
        (given: Given): void => {
          clearTimeout(late);
          one.answered = true;
          answer(given);
        };
      one.resolve = once(resolve);
      one.reject = once(reject);
      this.waiting.push(one);
      if (!this.busy) void this.workAll();
    });
  }

  private async workAll(): Promise<void> {
    this.busy = true;
    while (this.waiting.length > 0) await this.answer(this.nextBatch());
    this.busy = false;
  }

  private nextBatch(): Waiting<Ask, Answer>[] {
    const { apart, limit = 100 } = this.options;
    const keys = new Set<string>();
    const batch: Waiting<Ask, Answer>[] = [];
    this.waiting = this.waiting.filter((one) => {
      const key = apart?.(one.ask);
      if (batch.length === limit || (key !== undefined && keys.has(key))) return true;
      if (key !== undefined) keys.add(key);
      batch.push(one);
      return false;
    });
    return batch;
  }

  private async answer(batch: Waiting<Ask, Answer>[]): Promise<void> {
    this.begunAt = performance.now();
    try {
      const answers = await this.work(batch.map(({ ask }) => ask));
      batch.forEach(({ resolve }, nth) => resolve(answers[nth] as Answer));
    } catch (error) {
      if (batch.length > 1 && !isDatabaseDown(error) && !isOvertime(error)) {
        for (const one of batch) if (!one.answered) await this.answer([one]);
      } else for (const { reject } of batch) reject(error);
    } finally {
      this.begunAt = Infinity;
    }
  }
}
