import type { CaseState, CaseResult, VendorCase } from './screening-provider.js';

/** A case of ours as last read. */
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
  /** When the vendor last said so, by whatever way. */
  confirmedAt: Date;
  /** When the case itself was last read, not through a list. */
  readAt: Date;
}

export type LastReading = Omit<FollowedCase, 'caseId'> & { caseId: string | null };

/** The cases that orders led to. */
export abstract class VendorCases {
  /** null too once it is forgotten. */
  abstract find(teamId: string, orderId: string): Promise<FollowedCase | null>;
  /** What was last read of it stays when the case itself is forgotten. */
  abstract lastReading(teamId: string, orderId: string): Promise<LastReading | null>;
  /** Links a case to its order, for ever and exclusively, and stores its first reading. `false`: it is another order's, or forgotten. */
  abstract link(
    order: { teamId: string; id: string; connectionId: string },
    host: string,
    reading: VendorCase,
  ): Promise<boolean>;
  /** The moment before a reading, on the clock that everything about cases is written with. */
  abstract readingStarts(): Promise<Date>;
  /** Stores a reading taken at `readAt`; older readings than the stored one count for nothing. */
  abstract record(teamId: string, orderId: string, reading: VendorCase, readAt: Date): Promise<'changed' | 'unchanged'>;
}

/** Whose case an id is, without knowing the team: for the vendor's one door. */
export interface CaseOwner {
  teamId: string;
  orderId: string;
  connectionId: string;
  /** Sealed, the newest first; the previous one only while it is accepted. */
  secrets: { sealed: string; place: string }[];
}

/** A connection that has an order on its way or in doubt. */
export type WaitingConnection = Omit<CaseOwner, 'orderId'>;

/** A webhook's notice on its way into the book; `digest` of its very bytes. */
export interface InboundEventToStore {
  id: string;
  owner: Omit<CaseOwner, 'secrets'>;
  eventId: string | null;
  eventType: string;
  caseId: string;
  digest: string;
}

/** The vendor's notices: found by case alone, stored once per event. */
export abstract class InboundEvents {
  /** By case id; a case that is nobody's here is not in the answer. */
  abstract ownersOf(caseIds: string[]): Promise<Map<string, CaseOwner>>;
  /** At most so many connections, those with the newest orders first: an unknown case may be theirs. */
  abstract waitingForACase(most: number): Promise<WaitingConnection[]>;
  /**
   * Stores all or none, and answers in their order. `repeated`: this event was stored before. `conflicting`: with other
   * bytes; the first ones count. No two of them may have the same `eventId`.
   */
  abstract store(webhookEvents: InboundEventToStore[]): Promise<('fresh' | 'repeated' | 'conflicting')[]>;
  /** Keeps the id of a case that may turn out to be ours, and answers its fingerprint. null: it was ours, and is forgotten. */
  abstract keepUnmatchedCase(teamId: string, connectionId: string, caseId: string): Promise<string | null>;
  /** The kept case with that fingerprint. */
  abstract unmatchedCase(teamId: string, connectionId: string, caseHash: string): Promise<string | null>;
  /** Whether notices about this case arrived before we knew it; forgets them. */
  abstract takeUnmatchedCase(teamId: string, connectionId: string, caseId: string): Promise<boolean>;
  /** How the notices about these cases ended that were stored before `readAt`. Answers how many had no end yet. */
  abstract settleAll(
    teamId: string,
    orderIds: string[],
    readAt: Date,
    outcome: 'applied' | 'unchanged',
  ): Promise<number>;
  /** The case could not be read because of them. A later reading makes up for it. */
  abstract fail(teamId: string, orderId: string, failure: string): Promise<void>;
  /** Makes a notice count as new. Answers its order; null when there is no such notice. */
  abstract reopen(teamId: string, id: string): Promise<string | null>;
}

/** Counts webhook events of known cases whose signature did not match, per hour, for admins to see. */
export abstract class RejectedSignatures {
  /**
   * Does not wait: an attacker's request costs no write of its own. Once another secret is saved, the events that the one
   * before it refused say nothing about the connection any more.
   */
  abstract count(owner: CaseOwner): void;
}

/** Reports asked for at the vendor, so that those who come within minutes share one. */
export abstract class Reports {
  /** A report asked for within the last ten minutes, or null. */
  abstract recent(teamId: string, orderId: string): Promise<string | null>;
  abstract remember(teamId: string, orderId: string, reportId: string): Promise<void>;
  abstract forget(teamId: string, orderId: string): Promise<void>;
}
