import type { RawBuilder } from 'kysely';
import type { Caller } from '#kernel/caller';
import type { Id } from '#kernel/id';

/** A thing as its single read shows it to one caller. */
export interface ShownThing {
  id: string;
  /** Grows with every change of the thing itself. */
  revision: number;
  data: object;
}

/**
 * One kind of thing in the changes feed. Contexts register theirs, and note changes of it by triggers
 * (`platform.note_change`), so that no writer can leave one out.
 */
export abstract class ChangingThings {
  /** Its name in the feed: the `type` of its entries. */
  abstract readonly name: string;

  /** Those that the caller may read now, in any order, by one query for all. */
  abstract shown(caller: Caller, ids: readonly Id[]): Promise<ShownThing[]>;

  /** Ids that not even a tombstone may name to the caller. */
  async secretFrom(_caller: Caller, _ids: readonly Id[]): Promise<Id[]> {
    return [];
  }

  /** The ids (`id`) of those that show the names of these things; null: none do. */
  showing(_teamId: string, _type: string, _ids: readonly string[]): RawBuilder<unknown> | null {
    return null;
  }

  /** The ids (`id`) of those that are visible through these things; null: none are. */
  seenThrough(_teamId: string, _type: string, _ids: readonly string[]): RawBuilder<unknown> | null {
    return null;
  }
}
