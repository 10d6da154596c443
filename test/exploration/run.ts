import { AsyncLocalStorage } from 'node:async_hooks';
import { type Entry, errorOf } from './entry.js';
import type { Statement, Store } from './store.js';
import { freeze, type Json, revive } from './values.js';

/** What a run waits for: its own statement, or the vendor's answer. */
export interface Wait {
  kind: 'database' | 'vendor';
  what: string;
  args?: Json;
}

export interface Published {
  event: string;
  payload: Json;
  /** Seconds from now. */
  due: number;
}

const never = new Promise<never>(() => undefined);
const running = new AsyncLocalStorage<Run | undefined>();
export const currentRun = (): Run | undefined => running.getStore();

/**
 * One run of a handler along a recording. The recording answers the calls that it holds. Then, if the run may step, it makes one
 * statement, or, in a transaction, everything from its first write to its commit. At the next call it stops. The recording alone
 * is therefore the worker's position, and returning to it costs nothing.
 *
 * A transaction (read committed) is invisible up to its first write and may be overtaken between any two statements. After that it
 * holds the order's row, so a concurrent transaction runs as if before or after it.
 */
export class Run {
  readonly entries: Entry[];
  readonly published: Published[] = [];
  waitsFor: Wait | null = null;
  private position = 0;
  private inUnit = false;
  /** In a transaction that has written. */
  private holds = false;
  private stop: (ended: 'waiting') => void = () => undefined;

  /** `rows`: the content of the database, for a run that may step. */
  constructor(
    recording: Entry[],
    readonly now: number,
    private readonly store: Store,
    public rows: number,
    private mayStep: boolean,
    /** Error of this worker's clock, in seconds. */
    readonly clock = 0,
  ) {
    this.entries = [...recording];
  }

  async of<T>(handler: () => Promise<T>): Promise<{ returned: T } | { threw: unknown } | 'waiting'> {
    const waiting = new Promise<'waiting'>((resolve) => (this.stop = resolve));
    const ended = running.run(this, handler).then(
      (returned) => ({ returned }),
      (error: unknown) => ({ threw: error }),
    );
    return Promise.race([ended, waiting]);
  }

  /** A transaction; one inside another joins it. */
  async unit<T>(work: () => Promise<T>): Promise<T> {
    if (this.inUnit) return work();
    const [rows, published] = [this.rows, this.published.length];
    this.inUnit = true;
    try {
      return await work();
    } catch (error) {
      this.rows = rows;
      this.published.length = published;
      throw error;
    } finally {
      this.inUnit = false;
      this.holds = false;
    }
  }

  async statement<T>(statement: Statement<T>): Promise<unknown> {
    const entry = this.next(statement.what);
    if (entry) return this.answerOf(entry);
    const free = this.rows >= 0 && isStable(statement.what);
    if (!this.mayStep && !this.holds && !free) return this.wait({ kind: 'database', what: statement.what });
    const made = await running.run(undefined, () => this.store.make(this.rows, statement, this.now));
    // An insert that finds its row changes nothing and would find it again: it costs no step.
    if (!free && (made.wrote || !isInsert(statement.what))) this.mayStep = false;
    this.rows = made.rows;
    this.holds ||= this.inUnit && made.wrote;
    return this.answerOf(this.record(made.entry));
  }

  /** Events are committed with the transaction, so publishing counts as a write. */
  async publish(published: Published): Promise<void> {
    if (!this.inUnit) throw new Error('Events are published inside a unit of work, or they could be lost.');
    const what = `publish ${published.event}`;
    if (this.next(what)) return;
    if (!this.mayStep && !this.holds) return this.wait({ kind: 'database', what });
    this.mayStep = false;
    this.holds = true;
    this.record({ what });
    this.published.push(published);
  }

  /** An answer of the vendor. Only the explorer gives it. */
  async vendor<T>(what: string, args: unknown): Promise<T> {
    const entry = this.next(what);
    if (entry) return this.answerOf(entry) as T;
    return this.wait({ kind: 'vendor', what, args: freeze(args, this.now) });
  }

  /** A value that no other worker can change: answered at once, and the same in every replay. */
  instantly<T>(what: string, make: () => T): T {
    const entry = this.next(what);
    return this.answerOf(entry ?? this.record({ what, answer: freeze(make(), this.now) })) as T;
  }

  private record(entry: Entry): Entry {
    this.entries.push(entry);
    this.position += 1;
    return entry;
  }

  private next(what: string): Entry | undefined {
    const entry = this.entries[this.position];
    if (!entry) return undefined;
    if (entry.what !== what)
      throw new Error(`The run differs from its recording: expected "${entry.what}", got "${what}".`);
    this.position += 1;
    return entry;
  }

  private answerOf({ answer, failure }: Entry): unknown {
    if (failure) throw errorOf(failure);
    return revive(answer ?? null, this.now);
  }

  private wait(wait: Wait): Promise<never> {
    this.waitsFor ??= wait;
    this.stop('waiting');
    return never;
  }
}

const isInsert = (statement: string): boolean => statement.startsWith('insert into');

/** Reads of other orders' rows, which do not change here: their moment makes no difference. */
const isStable = (statement: string): boolean =>
  statement.startsWith('select 1 from integrations.order mine') ||
  statement.startsWith('select case_id, unknown_since');
