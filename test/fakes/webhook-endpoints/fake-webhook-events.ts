import type { Id } from '#kernel/id';
import type { Clock } from '#kernel/ports';
import type { EventType } from '../../../src/contexts/webhook-endpoints/contract.js';
import {
  type Announced,
  type WebhookEvent,
  WebhookEvents,
} from '../../../src/contexts/webhook-endpoints/domain/webhook-events.js';
import { type FakeStore, FakeTable } from '../fake-store.js';

export type KeptEvent = WebhookEvent & { at: Date; position: number };

/** Passes the suite of `WebhookEvents`. */
export class FakeWebhookEvents extends WebhookEvents {
  private readonly events: FakeTable<KeptEvent>;
  private readonly announced: FakeTable<Announced>;
  private positions = 0;

  constructor(
    private readonly store: FakeStore,
    private readonly clock: Clock,
  ) {
    super();
    this.events = new FakeTable(store);
    this.announced = new FakeTable(store);
  }

  async lockAnnounced(teamId: string, subject: string): Promise<Announced | null> {
    await this.store.lock(`webhook-events/${teamId}/${subject}`);
    return this.announced.get(`${teamId}/${subject}`) ?? null;
  }

  async setAnnounced(teamId: string, subject: string, announced: Announced): Promise<void> {
    this.announced.set(`${teamId}/${subject}`, { ...announced });
  }

  async add(event: WebhookEvent): Promise<void> {
    const { teamId, id, type, subject } = event;
    const kept = { teamId, id, type, subject, at: this.clock.now(), position: (this.positions += 1) };
    this.events.set(`${teamId}/${id}`, kept);
  }

  async find(teamId: string, id: Id): Promise<WebhookEvent | null> {
    const kept = this.kept(teamId, id);
    return kept ? eventIn(kept) : null;
  }

  async newestSince(teamId: string, types: readonly EventType[], since: Date, limit: number): Promise<WebhookEvent[]> {
    const found = this.events
      .all()
      .filter((event) => event.teamId === teamId && event.at >= since && types.includes(event.type))
      .sort((one, other) => one.position - other.position);
    const newest = new Map(found.map((event) => [`${event.subject}/${event.type}`, event]));
    return found
      .filter((event) => newest.get(`${event.subject}/${event.type}`) === event)
      .slice(0, limit)
      .map(eventIn);
  }

  kept(teamId: string, id: string): KeptEvent | null {
    return this.events.get(`${teamId}/${id}`);
  }
}

const eventIn = ({ teamId, id, type, subject }: KeptEvent): WebhookEvent => ({ teamId, id, type, subject });
