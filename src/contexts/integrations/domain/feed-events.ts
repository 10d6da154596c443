import type { Connection } from './connection.js';

/** An event of the feed that is about a case; `id` is ours. */
export interface FeedEvent {
  id: string;
  eventId: string;
  eventType: string;
  caseId: string;
}

/** Notices that the feed brought, beside those that webhooks did. */
export abstract class FeedEvents {
  /** The newest event that came by webhook or feed; null when none did. */
  abstract newestEventOf(connection: Connection): Promise<string | null>;
  /** Stores what is about cases of this connection and was not stored before. Answers those cases, each once. */
  abstract store(connection: Connection, events: FeedEvent[]): Promise<{ orderId: string; ended: boolean }[]>;
  abstract isWaitingForACase(connection: Connection): Promise<boolean>;
  /** Cases that no order of anybody has. */
  abstract unknownAmong(connection: Connection, events: FeedEvent[]): Promise<string[]>;
}
