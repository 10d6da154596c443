import type { Id } from '#kernel/id';
import type { EventType } from '../contract.js';

/** Something that happened to a team. Holds ids only: what is sent about it is read when it is sent. */
export interface WebhookEvent {
  teamId: string;
  /** The `webhook-id` of everything that is sent about it. */
  id: Id;
  type: EventType;
  /** What it is about: the id of a check, a candidate or an endpoint, or the name of a vendor. Events about one thing keep their order. */
  subject: string;
}

/** What was last announced about a thing. */
export interface Announced {
  /** The version of a check. */
  revision: number | null;
  isComplete: boolean;
  needsAttention: boolean;
  /** The state of an integration. */
  state: string | null;
}

/** What happened, for as long as it can be replayed. */
export abstract class WebhookEvents {
  /** What was last announced about the thing; null: nothing, or too long ago. No one else announces it until the transaction ends. */
  abstract lockAnnounced(teamId: string, subject: string): Promise<Announced | null>;
  abstract setAnnounced(teamId: string, subject: string, announced: Announced): Promise<void>;
  /** Keeps an event and its time. */
  abstract add(event: WebhookEvent): Promise<void>;
  abstract find(teamId: string, id: Id): Promise<WebhookEvent | null>;
  /**
   * The newest event of each type about each thing since then, in their order. Older ones would send the same, because what is sent is
   * read when it is sent. At most `limit`.
   */
  abstract newestSince(
    teamId: string,
    types: readonly EventType[],
    since: Date,
    limit: number,
  ): Promise<WebhookEvent[]>;
}
