import type { CaseState, CaseResult, VendorCase } from '../../gateway/domain/vendor-terms.js';

/** The case of an order, with its last snapshot. */
export interface FollowedCase {
  teamId: string;
  orderId: string;
  connectionId: string;
  caseId: string;
  shortId: string | null;
  state: CaseState;
  result: CaseResult | null;
  vendorStatus: string;
  vendorScore: string | null;
  revision: number;
  /** When the vendor last confirmed this state, by any channel. */
  confirmedAt: Date;
  /** When the case was last read on its own, not through a list. */
  readAt: Date;
}

export type LastSnapshot = Omit<FollowedCase, 'caseId'> & { caseId: string | null };

/** The cases of our orders. */
export abstract class VendorCases {
  /** null: no case yet, or it was erased. */
  abstract find(teamId: string, orderId: string): Promise<FollowedCase | null>;
  /** The last snapshot. It stays, without case ids, when the case is erased. */
  abstract lastSnapshot(teamId: string, orderId: string): Promise<LastSnapshot | null>;
  /** The time to note before a read, on the database's clock, which all times of cases use. */
  abstract readStartsAt(): Promise<Date>;
  /** Stores a snapshot read at `readAt`. Ignores one that is older than the stored one. */
  abstract record(
    teamId: string,
    orderId: string,
    snapshot: VendorCase,
    readAt: Date,
  ): Promise<'changed' | 'unchanged'>;
}

/** The order and connection of a case id. The webhook endpoint is the same for all teams, so only the case id tells the team. */
export interface CaseOwner {
  teamId: string;
  orderId: string;
  connectionId: string;
  /** Sealed webhook secrets, newest first. Includes the previous one only while it is accepted. */
  secrets: { sealed: string; place: string }[];
}

/** A connection that has an order being sent or of unknown outcome. */
export type WaitingConnection = Omit<CaseOwner, 'orderId'> & { host: string };

/** A verified webhook event to store. `digest` is the hash of the raw bytes. */
export interface InboundEventToStore {
  id: string;
  owner: Omit<CaseOwner, 'secrets'>;
  eventId: string | null;
  eventType: string;
  caseId: string;
  digest: string;
}

/** Inbound events: each event is stored once, and the case id alone identifies its owner. */
export abstract class InboundEvents {
  /** Owners by case id, among the connections to this vendor. A case that no order has is not in the map. */
  abstract ownersOf(caseIds: string[], vendor: string): Promise<Map<string, CaseOwner>>;
  /** Up to `most` connections to this vendor that an unmatched case may belong to, those with the newest orders first. */
  abstract waitingForACase(vendor: string, most: number): Promise<WaitingConnection[]>;
  /**
   * Stores all or none; results are in the given order. `repeated`: this event was stored before. `conflicting`: it was stored
   * before with other bytes, which stay. No two of the given events may have the same `eventId`.
   */
  abstract store(webhookEvents: InboundEventToStore[]): Promise<('fresh' | 'repeated' | 'conflicting')[]>;
  /** Records the outcome of events about these orders stored before `readAt`. Returns how many had no outcome yet. */
  abstract settleAll(
    teamId: string,
    orderIds: string[],
    readAt: Date,
    outcome: 'applied' | 'unchanged',
  ): Promise<number>;
  /** Marks the open events of this order as failed: their case could not be read. A later read overwrites this. */
  abstract fail(teamId: string, orderId: string, failure: string): Promise<void>;
  /** Marks an inbound event of this vendor as new again. Returns its order; null when there is no such event. */
  abstract reopen(teamId: string, vendor: string, id: string): Promise<string | null>;
}

/** Counts webhook events of known cases whose signature did not match, per hour, for admins to see. */
export abstract class RejectedSignatures {
  /**
   * Returns at once and writes in batches, so that an attacker's request does not cost a write of its own. Once another secret
   * is saved, events refused under the earlier one no longer count for the connection.
   */
  abstract count(owner: CaseOwner): void;
}

/** Reports requested from the vendor, so that people who ask within minutes share one. */
export abstract class Reports {
  /** A report requested within the last ten minutes, or null. */
  abstract recent(teamId: string, orderId: string): Promise<string | null>;
  abstract remember(teamId: string, orderId: string, reportId: string): Promise<void>;
  abstract forget(teamId: string, orderId: string): Promise<void>;
}
