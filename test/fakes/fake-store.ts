import { AsyncLocalStorage } from 'node:async_hooks';
import { setImmediate } from 'node:timers/promises';
import { UnitOfWork } from '#kernel/ports';

type LockMode = 'exclusive' | 'shared';

interface Transaction {
  /** Rows that this transaction wrote, by table and key; null: deleted. Others see them after the commit. */
  readonly writes: Map<object, Map<string, unknown>>;
  /** Objects that this transaction loaded, by table and key, as an ORM keeps them. */
  readonly loaded: Map<object, Map<string, object>>;
  readonly afterCommit: (() => void)[];
}

interface Lock {
  mode: LockMode;
  holders: Set<Transaction>;
}

/**
 * A database in memory with the rules that use cases rely on: a transaction sees what is committed and what it wrote itself, is
 * undone as a whole, and holds its locks until it ends. Ids of locks are free text.
 */
export class FakeStore {
  private readonly current = new AsyncLocalStorage<Transaction>();
  private readonly locks = new Map<string, Lock>();
  private waiters: (() => void)[] = [];

  get isInTransaction(): boolean {
    return this.current.getStore() !== undefined;
  }

  /** How many statements wait for a lock. */
  get waiting(): number {
    return this.waiters.length;
  }

  /** Runs work in a transaction. Inside one, joins it. `commit: false` undoes it although it succeeded. */
  async transaction<T>(work: () => Promise<T>, { commit = true } = {}): Promise<T> {
    if (this.isInTransaction) return work();
    const own: Transaction = { writes: new Map(), loaded: new Map(), afterCommit: [] };
    try {
      const result = await this.current.run(own, work);
      if (commit) this.commit(own);
      return result;
    } finally {
      this.release(own);
    }
  }

  afterCommit(work: () => void): void {
    const own = this.current.getStore();
    if (own) own.afterCommit.push(work);
    else work();
  }

  /** Waits until no other transaction holds the lock, and holds it until the own one ends. */
  async lock(name: string, mode: LockMode = 'exclusive'): Promise<void> {
    // A statement takes at least one turn of the event loop, as a query does. Others get their turn meanwhile.
    await setImmediate();
    while (!this.tryLock(name, mode)) await new Promise<void>((resolve) => this.waiters.push(resolve));
  }

  /** Takes the lock now, or returns false. */
  tryLock(name: string, mode: LockMode = 'exclusive'): boolean {
    const own = this.current.getStore();
    const lock = this.locks.get(name);
    const others = [...(lock?.holders ?? [])].filter((holder) => holder !== own);
    if (others.length > 0 && (mode === 'exclusive' || lock?.mode === 'exclusive')) return false;
    if (!own) return true;
    const stronger = mode === 'exclusive' || lock?.mode === 'exclusive';
    this.locks.set(name, { mode: stronger ? 'exclusive' : 'shared', holders: new Set([...others, own]) });
    return true;
  }

  /** The objects of that table that the open transaction loaded. Outside of one, nothing is kept. */
  loadedFrom(table: object): Map<string, object> {
    return keptIn(this.current.getStore()?.loaded ?? new Map<object, Map<string, object>>(), table);
  }

  /** The uncommitted rows of the open transaction; null outside of one. */
  writesTo(table: object): Map<string, unknown> | null {
    const own = this.current.getStore();
    return own ? keptIn(own.writes, table) : null;
  }

  private commit(own: Transaction): void {
    for (const [table, rows] of own.writes) (table as FakeTable<object>).apply(rows as Map<string, object | null>);
    for (const work of own.afterCommit) work();
  }

  private release(own: Transaction): void {
    for (const [name, { holders }] of this.locks)
      if (holders.delete(own) && holders.size === 0) this.locks.delete(name);
    const woken = this.waiters;
    this.waiters = [];
    for (const wake of woken) wake();
  }
}

/** Plain rows by key. Rows are copied on the way in and out. */
export class FakeTable<Row extends object> {
  private readonly committed = new Map<string, Row>();

  constructor(private readonly store: FakeStore) {}

  get(key: string): Row | null {
    const own = this.own;
    return copyOf((own?.has(key) ? own.get(key) : this.committed.get(key)) ?? null);
  }

  all(): Row[] {
    return this.where(() => true);
  }

  /** Copies of all rows, with their keys. */
  get entries(): [string, Row][] {
    return this.rows().map(([key, row]) => [key, copyOf(row)]);
  }

  /** The rows that fit, in the order in which they were added. `fits` must not change a row. */
  where(fits: (row: Row) => boolean): Row[] {
    return this.rows().flatMap(([, row]) => (fits(row) ? [copyOf(row)] : []));
  }

  set(key: string, row: Row): void {
    this.write(key, copyOf(row));
  }

  delete(key: string): void {
    this.write(key, null);
  }

  deleteWhere(fits: (row: Row) => boolean): void {
    for (const [key, row] of this.rows()) if (fits(row)) this.delete(key);
  }

  /** For the store: a commit. */
  apply(rows: Map<string, Row | null>): void {
    for (const [key, row] of rows) {
      if (row === null) this.committed.delete(key);
      else this.committed.set(key, row);
    }
  }

  private get own(): Map<string, Row | null> | null {
    return this.store.writesTo(this) as Map<string, Row | null> | null;
  }

  private write(key: string, row: Row | null): void {
    const own = this.own;
    if (own) own.set(key, row);
    else this.apply(new Map([[key, row]]));
  }

  private rows(): [string, Row][] {
    const seen = [...new Map<string, Row | null>([...this.committed, ...(this.own ?? [])])];
    return seen.filter((entry): entry is [string, Row] => entry[1] !== null);
  }
}

/** Passes the suite of the port. `collides`: every unit is undone once at its end and runs again, as after a deadlock. */
export class FakeUnitOfWork extends UnitOfWork {
  collides = false;

  constructor(private readonly store: FakeStore) {
    super();
  }

  async run<T>(work: () => Promise<T>): Promise<T> {
    if (this.collides && !this.store.isInTransaction) await this.store.transaction(work, { commit: false });
    return this.store.transaction(work);
  }
}

/** Not `structuredClone`: in Jest its dates are of another realm, and are no `Date` to the code under test. */
export function copyOf<Value>(value: Value): Value {
  if (value instanceof Date) return new Date(value) as Value;
  if (Array.isArray(value)) return value.map(copyOf) as Value;
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, field]) => [name, copyOf(field)])) as Value;
}

function keptIn<Value>(kept: Map<object, Map<string, Value>>, table: object): Map<string, Value> {
  const found = kept.get(table) ?? new Map<string, Value>();
  kept.set(table, found);
  return found;
}
