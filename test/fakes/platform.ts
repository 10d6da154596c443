import type { DomainEvent } from '#kernel/events';
import { type Id, readId } from '#kernel/id';
import { type Actor, Audit, type AuditEntry, Clock, Ids, Outbox } from '#kernel/ports';
import { type FakeStore, FakeTable } from './fake-store.js';

/** Stands still until the test advances it. */
export class FakeClock extends Clock {
  constructor(private time = new Date('2026-10-01T14:00:00.123Z')) {
    super();
  }

  now(): Date {
    return new Date(this.time);
  }

  advance({ seconds = 0, hours = 0, days = 0 }: { seconds?: number; hours?: number; days?: number }): Date {
    this.time = new Date(this.time.getTime() + (seconds + 3600 * (hours + 24 * days)) * 1000);
    return this.now();
  }
}

let made = 0;

/** A new id. Ids sort by the order in which they are made. */
export function anId(): Id {
  const id = readId(`0199abcd-0000-7000-8000-${(made += 1).toString(16).padStart(12, '0')}`);
  if (!id) throw new Error('The test made no id.');
  return id;
}

export class FakeIds extends Ids {
  next(): Id {
    return anId();
  }
}

/** An event that was committed. Its handlers get it after `inSeconds`. */
export interface Published {
  event: DomainEvent;
  inSeconds: number;
}

/** Keeps committed events, in order. */
export class FakeOutbox extends Outbox {
  readonly published: Published[] = [];

  constructor(private readonly store: FakeStore) {
    super();
  }

  async publish(events: DomainEvent[], { inSeconds = 0 }: { inSeconds?: number } = {}): Promise<void> {
    if (!this.store.isInTransaction)
      throw new Error('Events are published inside a unit of work, or they could be lost.');
    for (const event of events) this.store.afterCommit(() => this.published.push({ event, inSeconds }));
  }

  /** The committed events, without their delays. */
  get events(): DomainEvent[] {
    return this.published.map(({ event }) => event);
  }

  /** The events committed since the last call. */
  take(): DomainEvent[] {
    return this.published.splice(0).map(({ event }) => event);
  }
}

export interface RecordedEntry extends AuditEntry {
  teamId: string;
  actorId: string | null;
}

/** Keeps committed entries, in order. */
export class FakeAudit extends Audit {
  private readonly table: FakeTable<RecordedEntry>;
  private count = 0;

  constructor(store: FakeStore) {
    super();
    this.table = new FakeTable(store);
  }

  async record({ teamId, user }: Actor, entry: AuditEntry): Promise<void> {
    this.table.set(`${(this.count += 1)}`, { outcome: 'done', ...entry, teamId, actorId: user?.id ?? null });
  }

  get entries(): RecordedEntry[] {
    return this.table.all();
  }
}
