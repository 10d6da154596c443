import type { Connection } from '../../connections/domain/connection.js';

/** A feed event about a case. `id` is ours, `eventId` the vendor's. */
export interface FeedEvent {
  id: string;
  eventId: string;
  eventType: string;
  caseId: string;
}

/** Inbound events that came through the events feed. */
export abstract class FeedEvents {
  /** The vendor's id of the newest event that came by webhook or feed; null when none did. */
  abstract newestEventOf(connection: Connection): Promise<string | null>;
  /** Stores events about this connection's cases that were not stored before. Returns those cases, each once. */
  abstract store(connection: Connection, events: FeedEvent[]): Promise<{ orderId: string; ended: boolean }[]>;
  abstract isWaitingForACase(connection: Connection): Promise<boolean>;
  /** The cases among these that no order of any team has. */
  abstract unknownAmong(connection: Connection, events: FeedEvent[]): Promise<string[]>;
}
