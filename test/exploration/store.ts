import { freeze, type Heap } from './values.js';
import type { Rows, Tables } from './rows.js';
import { type Entry, failureOf } from './entry.js';

export interface Statement<T> {
  what: string;
  /** The tables it reads or writes. Default: the tables that `what` names. */
  tables?: string[];
  parameters: unknown;
  make: () => Promise<T>;
  /** Tells from the answer whether it changed or locked rows. */
  wrote: (answer: T) => boolean;
}

interface Effect {
  entry: Entry;
  wrote: boolean;
  left: Tables;
}

/**
 * The database, as rows by number. Parameters and the rows of the named tables determine a statement's answer and effect. Each
 * such combination therefore runs once in Postgres, and its effect is remembered.
 */
export class Store {
  /** Statements that ran in Postgres. */
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
      effect = await this.runInPostgres(before, statement);
      this.known.set(key, effect);
    }
    const { entry, wrote, left } = effect;
    return { entry, wrote, rows: wrote ? this.heap.put({ ...all, ...left }) : number };
  }

  private async runInPostgres<T>(before: Tables, { what, make, wrote }: Statement<T>): Promise<Effect> {
    this.made += 1;
    await this.rows.write(before);
    try {
      const answer = await make();
      const entry = { what, answer: freeze(answer, Date.now()) };
      if (!wrote(answer)) return { entry, wrote: false, left: {} };
      return { entry, wrote: true, left: await this.rows.read(Object.keys(before)) };
    } catch (error) {
      // A failed statement has no effect.
      return { entry: { what, failure: failureOf(error) }, wrote: false, left: {} };
    }
  }
}
