import type { DomainEvent } from './events.js';
import type { Id } from './id.js';

/** The database's time, to within a second. Windows and leases that replicas share are timed by the database itself. */
export abstract class Clock {
  abstract now(): Date;
}

/** Creates ids (UUIDv7, which sort by time) at the edge, so that commands need not return one. */
export abstract class Ids {
  abstract next(): Id;
}

/** One transaction. A use case opens it, and what it calls joins it. No network calls or other slow work inside. */
export abstract class UnitOfWork {
  abstract run<T>(work: () => Promise<T>): Promise<T>;
}

/**
 * Publishes events. Must be called inside a `UnitOfWork`: the jobs of all event handlers are committed, or rolled back, with
 * the change itself. Events are delivered at least once, in no order. `inSeconds`: the delay before delivery, on the
 * database's clock, which is the only one that all replicas share.
 */
export abstract class Outbox {
  abstract publish(events: DomainEvent[], options?: { inSeconds?: number }): Promise<void>;
}

/** One entry of the audit log: who did what to which record, and the outcome. It never holds a secret or the result of a check. */
export interface AuditEntry {
  action: string;
  entity: string;
  entityId: string;
  outcome?: 'done' | 'refused';
  from?: Record<string, unknown>;
  to?: Record<string, unknown>;
  /** The candidate that it is about, where a user could be that candidate: `from` and `to` are withheld from them. */
  withheldFrom?: string;
}

/** Who acts: a caller, or with `user: null` the service itself, by a rule of the team. */
export interface Actor {
  readonly teamId: string;
  readonly user: { readonly id: string } | null;
  readonly ip: string | null;
}

/** The actor of a command (`npm run …`) at a terminal. The entry's `to.command` names the command. */
export const operatorFor = (teamId: string): Actor => ({ teamId, user: null, ip: null });

/** The team id of entries about the whole installation. No team has this id. */
export const installationId = '00000000-0000-0000-0000-000000000000';

/** Writes entries. Joins an open transaction. */
export abstract class Audit {
  abstract record(actor: Actor, entry: AuditEntry): Promise<void>;
}

/** Encrypts secrets for the database. `place` (table, row, column) is authenticated, so a moved ciphertext cannot be opened. */
export abstract class Secrets {
  abstract seal(plain: string, place: string): string;
  /** Throws `UnreadableSecret`. */
  abstract open(sealed: string, place: string): string;
  /** For values that may be forged: null when it was not sealed here. It logs no warning. */
  abstract openIfOurs(sealed: string, place: string): string | null;
}

/**
 * A keyed hash of a value that must be recognised and may not be stored. A person who has only the database cannot find the
 * value by trying candidates.
 */
export abstract class Fingerprints {
  /** The form in which it is stored. */
  abstract of(value: string): string;
  /** Every form in which it may have been stored, the present one first. */
  abstract known(value: string): string[];
}
