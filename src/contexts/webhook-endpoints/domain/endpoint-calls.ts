import type { AttemptOutcome } from './attempt-outcome.js';
import type { Zone } from './endpoint-address.js';

/** One event, ready to be sent. */
export interface SignedMessage {
  url: string;
  headers: Readonly<Record<string, string>>;
  body: string;
}

/** Calls to endpoints. Nothing is thrown for what an endpoint does. */
export abstract class EndpointCalls {
  /** Where the host of an address leads now. Takes three seconds at most. */
  abstract zoneOf(url: URL): Promise<Zone>;
  /**
   * Sends one event, on a connection of its own to an address that was checked. No redirect is followed, and the body of the answer is
   * not kept.
   */
  abstract send(message: SignedMessage): Promise<AttemptOutcome>;
}
