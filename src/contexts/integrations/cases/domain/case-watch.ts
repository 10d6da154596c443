import type { Connection } from '../../connections/domain/connection.js';
import type { VendorCase } from '../../gateway/domain/vendor-terms.js';

/** One of our cases, with the vendor's order time. Scheduled tasks go through cases in that order. */
export interface WatchedCase {
  orderId: string;
  caseId: string;
  orderedAt: Date;
}

/** Position of a sweep: the last case it checked. Stored as JSON, so the time is ISO 8601 text. */
export interface Place {
  orderedAt: string;
  orderId: string;
}

/**
 * What a list entry says about one of our cases. `same`: the stored state is confirmed · `believed`: it differed and was
 * stored, because our own last read is older than any list · `hint`: it differed and the case must be read on its own, because
 * the list may lag behind our last read, or because the case had ended.
 */
export interface ListVerdict {
  orderId: string;
  verdict: 'same' | 'believed' | 'hint';
  /** No webhook event announced the change. */
  unannounced: boolean;
}

/** All cases of a connection, for the scheduled tasks. */
export abstract class CaseWatch {
  /** Whether the feed could report anything: about an open or recent case, or an order that may have become a case. */
  abstract hasAnything(connection: Connection): Promise<boolean>;
  /** Open cases of this connection (`own`), and of all connections that share its account (`account`). */
  abstract countOpen(connection: Connection): Promise<{ own: number; account: number }>;
  abstract openAfter(connection: Connection, after: Place | null, limit: number): Promise<WatchedCase[]>;
  /** All of our cases, open or not, that the vendor created in that time. */
  abstract between(connection: Connection, from: Date, to: Date): Promise<WatchedCase[]>;
  /** Compares a list read at `readAt` with the stored cases and stores what can be believed. Ignores other connections' cases. */
  abstract compare(
    connection: Connection,
    listed: VendorCase[],
    readAt: Date,
    visibilityLagSeconds: number,
  ): Promise<ListVerdict[]>;
}
