import { isDatabaseDown, isOvertime } from './database/failures.js';

interface Waiting<Ask, Answer> {
  ask: Ask;
  resolve: (answer: Answer) => void;
  reject: (reason: unknown) => void;
}

export interface BatcherOptions<Ask> {
  /** Asks with the same key are never in one batch: the second one sees what the first one did. */
  apart?: (ask: Ask) => string;
  /** The most that one batch holds. Default 100. */
  limit?: number;
}

/**
 * One piece of work for many callers: what is asked while a batch is under way makes the next one. Nobody waits for company:
 * alone, an ask is worked at once. Each caller is answered when its batch is done; where a batch fails by one bad ask, all
 * are tried again by themselves.
 */
export class Batcher<Ask, Answer> {
  private waiting: Waiting<Ask, Answer>[] = [];
  private busy = false;

  /** `work` answers all asks, in their order, or throws and has done nothing. */
  constructor(
    private readonly work: (asks: Ask[]) => Promise<Answer[]>,
    private readonly options: BatcherOptions<Ask> = {},
  ) {}

  ask(ask: Ask): Promise<Answer> {
    return new Promise((resolve, reject) => {
      this.waiting.push({ ask, resolve, reject });
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
    try {
      const answers = await this.work(batch.map(({ ask }) => ask));
      batch.forEach(({ resolve }, nth) => resolve(answers[nth] as Answer));
    } catch (error) {
      if (batch.length > 1 && !isDatabaseDown(error) && !isOvertime(error))
        for (const one of batch) await this.answer([one]);
      else for (const { reject } of batch) reject(error);
    }
  }
}
