import { freeze, type Heap } from './moments.js';
import type { Rows, Tables } from './rows.js';
import { type Entry, failureOf } from './run.js';

export interface Statement<T> {
  what: string;
  /** The tables it reads or writes; those that `what` names, when there are none here. */
  tables?: string[];
  parameters: unknown;
  make: () => Promise<T>;
  /** Whether it changed or locked rows, by its answer. */
  wrote: (answer: T) => boolean;
}

interface Effect {
  entry: Entry;
  wrote: boolean;
  left: Tables;
}

/**
 * The database, as rows by number. What a statement answers, and what it leaves behind, follows from its parameters and the
 * rows of the tables it names alone; so each such combination is made once for real, in Postgres, and remembered.
 */
export class Store {
  /** Statements made for real. */
  made = 0;
  private readonly known = new Map<string, Effect>();

  constructor(
    private readonly rows: Rows,
    private readonly heap: Heap,
  ) {}

  async make<T>(
    number: number,
    statement: Statement<T>,
    now: number,
  ): Promise<{ entry: Entry; rows: number; wrote: boolean }> {
    const tables = statement.tables ?? this.rows.namedIn(statement.what);
    const all = this.heap.get<Tables>(number);
    const before = Object.fromEntries(tables.map((table) => [table, all[table] ?? []]));
    const key = JSON.stringify([statement.what, freeze(statement.parameters, now), before]);
    let effect = this.known.get(key);
    if (!effect) {
      effect = await this.really(before, statement);
      this.known.set(key, effect);
    }
    const { entry, wrote, left } = effect;
    return { entry, wrote, rows: wrote ? this.heap.put({ ...all, ...left }) : number };
  }

  private async really<T>(before: Tables, { what, make, wrote }: Statement<T>): Promise<Effect> {
    this.made += 1;
    await this.rows.write(before);
    try {
      const answer = await make();
      const entry = { what, answer: freeze(answer, Date.now()) };
      if (!wrote(answer)) return { entry, wrote: false, left: {} };
      return { entry, wrote: true, left: await this.rows.read(Object.keys(before)) };
    } catch (error) {
      // A statement that fails leaves nothing behind.
      return { entry: { what, failure: failureOf(error) }, wrote: false, left: {} };
    }
  }
}
