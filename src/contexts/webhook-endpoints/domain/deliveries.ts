import type { Id } from '#kernel/id';
import type { EventType } from '../contract.js';
import type { AttemptOutcome } from './attempt-outcome.js';
import type { WebhookEvent } from './webhook-events.js';

/** Where the next event about a thing waits for an endpoint. */
export interface DueStream {
  teamId: string;
  endpointId: Id;
  subject: string;
  /** The endpoint's last attempt failed. */
  isFailing: boolean;
}

/** An event that this process sends to an endpoint, until its lease ends. */
export interface Claim {
  teamId: string;
  endpointId: Id;
  subject: string;
  /** Identifies the lease, and is the id of the attempt. */
  attemptId: Id;
  /** The place of the delivery among those of all endpoints. */
  position: string;
  eventId: Id;
  type: EventType;
  /** When it happened. */
  at: Date;
}

/** Streams that may not be taken now, because enough is being sent there. */
export interface Busy {
  teamIds: readonly string[];
  endpointIds: readonly string[];
}

/**
 * What waits to be sent. A stream holds the events about one thing for one endpoint: one at a time is sent, in their order. An event
 * that a newer one of the same type follows is overtaken: the newer one says all that it would say.
 */
export abstract class Deliveries {
  /** Puts an event at the end of its streams, in the transaction. Senders are woken with the commit. */
  abstract add(event: WebhookEvent, endpointIds: readonly Id[]): Promise<void>;
  /** Puts many events at the end of the streams of one endpoint, in this order. */
  abstract addAll(events: readonly WebhookEvent[], endpointId: Id): Promise<void>;
  /** How many events wait for an endpoint; counted up to `most`. */
  abstract waiting(teamId: string, endpointId: Id, most: number): Promise<number>;
  /** Streams with an event that is due, the longest waiting first; at most `perEndpoint` of each endpoint. Locks nothing. */
  abstract due(limit: number, perEndpoint: number, busy: Busy): Promise<DueStream[]>;
  /** Takes the next event of each stream, and begins an attempt. Streams that another process took are left out. */
  abstract claim(streams: readonly DueStream[]): Promise<Claim[]>;
  /**
   * Ends an attempt. `chance`, from 0 to 1, spreads the time of the next one. Does nothing to the stream when the lease ended and
   * another process took it.
   */
  abstract finish(claim: Claim, outcome: AttemptOutcome, chance: number): Promise<void>;
}
