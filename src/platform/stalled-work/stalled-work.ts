import type { RawBuilder } from 'kysely';
import type { DomainEvent } from '#kernel/events';

/** One kind of row that wants work. */
export interface UnattendedKind<Row extends object = never> {
  /** For the log: what the rows are. */
  kind: string;
  /** Finds at most a few hundred rows that want work and seem to have none, and marks them, so that each is found ever more rarely. */
  take: RawBuilder<Row>;
  /** What its reaction hears. It must bear to hear it twice: the job may only be late. */
  event: (row: Row) => DomainEvent;
}

/**
 * Work that is found from the state of the rows, because the job that should do it was parked or lost. Contexts provide their
 * kinds; the reconciler finds them wherever they are provided.
 */
export abstract class StalledWork {
  abstract readonly kinds: readonly UnattendedKind[];
}

/** Checks that the query returns what the event is made of. */
export const unattended = <Row extends object>(kind: UnattendedKind<Row>): UnattendedKind =>
  kind as unknown as UnattendedKind;
