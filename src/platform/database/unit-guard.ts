import { AsyncLocalStorage } from 'node:async_hooks';

/** What a request requires of the database in each of its units of work. */
export interface UnitGuard {
  /** Runs first in the transaction. What it throws ends the unit before anything was done. */
  begin(): Promise<void>;
  /** Runs last in the transaction, after everything was written. */
  end(): Promise<void>;
  committed(): void;
}

const guards = new AsyncLocalStorage<UnitGuard>();

/** Runs work whose units of work are guarded. */
export const guarded = <T>(guard: UnitGuard, work: () => T): T => guards.run(guard, work);

export const currentGuard = (): UnitGuard | undefined => guards.getStore();
