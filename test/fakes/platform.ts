import { createHash } from 'node:crypto';
import { UnreadableSecret } from '#kernel/errors';
import type { DomainEvent } from '#kernel/events';
import { type Id, readId } from '#kernel/id';
import { type Actor, Audit, type AuditEntry, Clock, Fingerprints, Ids, Outbox, Secrets } from '#kernel/ports';
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

/** Hides nothing, but opens a secret only in the place that it was sealed for. Passes the suite of `Secrets`. */
export class FakeSecrets extends Secrets {
  private count = 0;

  constructor(readonly kid = 'fake') {
    super();
  }

  seal(plain: string, place: string): string {
    return `${this.kid}.${Buffer.from(JSON.stringify([plain, place, (this.count += 1)])).toString('base64')}`;
  }

  open(sealed: string, place: string): string {
    const [kid = ''] = sealed.split('.', 1);
    if (kid !== this.kid) throw new UnreadableSecret('unknown_key', kid);
    const plain = this.openIfOurs(sealed, place);
    if (plain === null) throw new UnreadableSecret('damaged', kid);
    return plain;
  }

  openIfOurs(sealed: string, place: string): string | null {
    const [kid, encoded = ''] = sealed.split('.', 2);
    try {
      const [plain, sealedFor] = JSON.parse(Buffer.from(encoded, 'base64').toString()) as string[];
      return kid === this.kid && sealedFor === place ? (plain ?? null) : null;
    } catch {
      return null;
    }
  }
}

/** Without a key. Passes the suite of `Fingerprints`. */
export class FakeFingerprints extends Fingerprints {
  of(value: string): string {
    return `fake:${createHash('sha256').update(value).digest('hex').slice(0, 16)}`;
  }

  known(value: string): string[] {
    return [this.of(value)];
  }
}
