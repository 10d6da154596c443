import type { RawBuilder } from 'kysely';
import type { DomainEvent } from '#kernel/events';

/** One kind of row that needs work. */
export interface StalledKind<Row extends object = never> {
  /** For the log: what the rows are. */
  kind: string;
  /** Finds at most a few hundred rows that need work and seem to have no job, and marks them, so that each is found less often. */
  take: RawBuilder<Row>;
  /** The event for its handler. The handler must tolerate it twice: the first job may only be late. */
  event: (row: Row) => DomainEvent;
}

/**
 * Finds work from the state of the rows when the job that should do it is a dead letter or lost. Contexts provide their kinds; the
 * timer discovers them from the providers of all modules.
 */
export abstract class StalledWork {
  abstract readonly kinds: readonly StalledKind[];
}

/** Makes the compiler check that the query returns what the event needs. */
export const stalled = <Row extends object>(kind: StalledKind<Row>): StalledKind => kind as unknown as StalledKind;

/** The name of a kind among recurring work: in stored rows, metrics and `npm run jobs`. */
export const workOf = (kind: string): string => `reconcile.${kind.replaceAll(' ', '-')}`;
