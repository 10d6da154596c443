import { AsyncLocalStorage } from 'node:async_hooks';
import { DomainError } from '#kernel/errors';
import { ProviderFailure } from '../../src/contexts/integrations/domain/screening-provider.js';
import { freeze, type Json, revive } from './moments.js';
import type { Statement, Store } from './store.js';

/** One answer that a run of a handler was given. */
export interface Entry {
  what: string;
  answer?: Json;
  failure?: Failure;
}
export type Failure =
  | { kind: 'vendor'; reason: ProviderFailure['reason']; message: string }
  | { kind: 'domain'; error: ConstructorParameters<typeof DomainError> }
  | { kind: 'database'; constraint: string | null; message: string };

/** What a run waits for: a statement of its own, or the vendor's word. */
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
 * One run of a handler along a tape. What is on the tape is answered from it; then, if it may go one step, it makes one statement,
 * or, within a transaction, everything from its first write to its commit; at the next one it stands still for ever. So a
 * worker's position is the tape alone, and costs nothing to come back to.
 *
 * A transaction (read committed) up to its first write is seen by nobody and may be overtaken between any two statements; from
 * there on it holds the order's row, so that whoever comes meanwhile comes as if before or after it.
 */
export class Run {
  readonly entries: Entry[];
  readonly published: Published[] = [];
  waitsFor: Wait | null = null;
  private position = 0;
  private inUnit = false;
  /** Within a transaction that wrote. */
  private holds = false;
  private stop: (ended: 'waiting') => void = () => undefined;

  /** `rows`: what the database holds, for a run that may go one step. */
  constructor(
    tape: Entry[],
    readonly now: number,
    private readonly store: Store,
    public rows: number,
    private mayStep: boolean,
    /** By how many seconds the clock of whoever runs is wrong. */
    readonly clock = 0,
  ) {
    this.entries = [...tape];
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
    // To find a row there already changes nothing, and will be found again: it costs no step.
    if (!free && (made.wrote || !isInsert(statement.what))) this.mayStep = false;
    this.rows = made.rows;
    this.holds ||= this.inUnit && made.wrote;
    return this.answerOf(this.tape(made.entry));
  }

  /** Events leave with the transaction: to publish is to write. */
  async publish(published: Published): Promise<void> {
    if (!this.inUnit) throw new Error('Events are published inside a unit of work, or they could be lost.');
    const what = `publish ${published.event}`;
    if (this.next(what)) return;
    if (!this.mayStep && !this.holds) return this.wait({ kind: 'database', what });
    this.mayStep = false;
    this.holds = true;
    this.tape({ what });
    this.published.push(published);
  }

  /** A word of the vendor, which only the explorer gives. */
  async vendor<T>(what: string, args: unknown): Promise<T> {
    const entry = this.next(what);
    if (entry) return this.answerOf(entry) as T;
    return this.wait({ kind: 'vendor', what, args: freeze(args, this.now) });
  }

  /** Something that nobody else can change: answered at once, and the same whenever the tape is played. */
  instantly<T>(what: string, make: () => T): T {
    const entry = this.next(what);
    return this.answerOf(entry ?? this.tape({ what, answer: freeze(make(), this.now) })) as T;
  }

  private tape(entry: Entry): Entry {
    this.entries.push(entry);
    this.position += 1;
    return entry;
  }

  private next(what: string): Entry | undefined {
    const entry = this.entries[this.position];
    if (!entry) return undefined;
    if (entry.what !== what)
      throw new Error(`Not the same run again: the tape says "${entry.what}", it asks "${what}".`);
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

/** Readings of other orders' rows, which stay as they are here: when they are made makes no difference. */
const isStable = (statement: string): boolean =>
  statement.startsWith('select 1 from integrations.vendor_order mine') ||
  statement.startsWith('select case_id, doubted_from');

export function failureOf(error: unknown): Failure {
  if (error instanceof DomainError) {
    const { kind, reason, message, errors, retryAfterSeconds } = error;
    return { kind: 'domain', error: [kind, reason, message, errors, retryAfterSeconds] };
  }
  for (let e = error; e instanceof Error; e = e.cause) {
    const { constraint } = e as { constraint?: unknown };
    if (typeof constraint === 'string') return { kind: 'database', constraint, message: e.message };
  }
  return { kind: 'database', constraint: null, message: error instanceof Error ? error.message : String(error) };
}

function errorOf(failure: Failure): Error {
  if (failure.kind === 'domain') return new DomainError(...failure.error);
  if (failure.kind === 'vendor') return new ProviderFailure('retry', failure.reason, failure.message);
  return Object.assign(new Error(failure.message), { code: '23505', constraint: failure.constraint });
}
