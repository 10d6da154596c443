import type { Caller } from '#kernel/caller';
import type { ChangeEntries } from './versioned-part.js';

export interface LastChange {
  at: Date;
  /** null: the service itself. Without a name: it is not known any more. */
  by: { id: string; name: string | null } | null;
}

/** Who changed something last, as the audit log says. The context that knows the users implements it. */
export abstract class LastChanges {
  /** null: the audit log has no such entry. */
  abstract of(caller: Caller, entries: readonly ChangeEntries[]): Promise<LastChange | null>;
}
