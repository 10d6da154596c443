import type { Connection } from './connection.js';
import type { VendorCase } from './screening-provider.js';

/** A case of ours as rounds see it: whose it is, and where it stands in the order of the vendor's times. */
export interface WatchedCase {
  orderId: string;
  caseId: string;
  orderedAt: Date;
}

/** How far a round over the open cases has come: the last case it looked at. ISO 8601, as it is kept as JSON. */
export interface Place {
  orderedAt: string;
  orderId: string;
}

/**
 * What a list's reading of a case of ours means. `same`: it is confirmed · `believed`: it differed and was stored, because our
 * own last reading is older than any list · `hint`: it differed and must be read by itself, because lists may lag behind our
 * own reading, or because the case had ended.
 */
export interface ListVerdict {
  orderId: string;
  verdict: 'same' | 'believed' | 'hint';
  /** No notice announced the change. */
  unannounced: boolean;
}

/** The cases of a connection as a whole, for rounds. */
export abstract class CaseWatch {
  /** Whether there is anything the vendor could have news about. */
  abstract hasAnything(connection: Connection): Promise<boolean>;
  /** Open cases of every connection that draws on this account, and of this connection. */
  abstract countOpen(connection: Connection): Promise<{ own: number; account: number }>;
  abstract openAfter(connection: Connection, after: Place | null, limit: number): Promise<WatchedCase[]>;
  /** All of ours, open or not, that the vendor made in that time. */
  abstract between(connection: Connection, from: Date, to: Date): Promise<WatchedCase[]>;
  /** Judges and stores what a list said at `readAt`. Cases that are not this connection's count for nothing. */
  abstract compare(
    connection: Connection,
    listed: VendorCase[],
    readAt: Date,
    visibilityLagSeconds: number,
  ): Promise<ListVerdict[]>;
}
