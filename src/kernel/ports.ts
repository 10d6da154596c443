import type { DomainEvent } from './events.js';
import type { Id } from './id.js';

/** The time, as the database has it to within a second. Windows and leases that replicas share are counted by the database itself. */
export abstract class Clock {
  abstract now(): Date;
}

/** Mints ids (UUIDv7: they sort by time) at the edge, so that commands need not return one. */
export abstract class Ids {
  abstract next(): Id;
}

/** One transaction. A use case opens it; what it calls joins it. Nothing slow (no network) happens inside. */
export abstract class UnitOfWork {
  abstract run<T>(work: () => Promise<T>): Promise<T>;
}

/**
 * Where events leave. Must be called inside a `UnitOfWork`: the jobs of all reactions are committed, or rolled back, with
 * the change itself. Delivered at least once, in no order. `inSeconds`: not before so many seconds have passed on the
 * database's clock, which is the only one that all replicas share.
 */
export abstract class Outbox {
  abstract publish(events: DomainEvent[], options?: { inSeconds?: number }): Promise<void>;
}

/** One line of the audit log: who did what to which thing, and how it ended. Never a secret, never a finding. */
export interface AuditEntry {
  action: string;
  entity: string;
  entityId: string;
  outcome?: 'done' | 'refused';
  from?: Record<string, unknown>;
  to?: Record<string, unknown>;
  /** Whose check it is about: from a person who is that candidate, what the entry says is withheld. */
  candidateId?: string;
}

/** Who acts: a caller, or with `user: null` the service itself by a rule of the team's. */
export interface Actor {
  readonly teamId: string;
  readonly user: { readonly id: string } | null;
  readonly ip: string | null;
}

/** Who ran one of the service's commands (`npm run …`) at a terminal; the entry's `to.command` says which. */
export const operatorFor = (teamId: string): Actor => ({ teamId, user: null, ip: null });

/** Stands for a team in entries about the whole installation. No team has this id. */
export const installationId = '00000000-0000-0000-0000-000000000000';

/** Writes inside the actor's transaction when there is one. */
export abstract class Audit {
  abstract record(actor: Actor, entry: AuditEntry): Promise<void>;
}

/** Seals secrets for the database. `place` (table, row, column) is authenticated: a moved ciphertext does not open. */
export abstract class Secrets {
  abstract seal(plain: string, place: string): string;
  /** Throws `UnreadableSecret`. */
  abstract open(sealed: string, place: string): string;
  /** For what strangers may have made up: null when it was not sealed here. No operator hears of it. */
  abstract openIfOurs(sealed: string, place: string): string | null;
}

/**
 * What stays of a value that must be recognised and may not be kept. Keyed: whoever has the database alone cannot find out
 * which value it was by trying values.
 */
export abstract class Fingerprints {
  /** The form in which it is kept. */
  abstract of(value: string): string;
  /** Every form in which it may have been kept, the present one first. */
  abstract known(value: string): string[];
}
