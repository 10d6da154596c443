import type { Connection } from './connection.js';

/** The connections of all teams. */
export abstract class Connections {
  /** Locks the choice of the team's current connection until the unit of work ends. */
  abstract lock(teamId: string): Promise<void>;
  abstract add(connection: Connection): Promise<void>;
  /** Saves changes and publishes the recorded events. Fails when the connection was changed by another request meanwhile. */
  abstract save(connection: Connection): Promise<void>;
  /** The team's current connection, disabled or not. */
  abstract currentOf(teamId: string): Promise<Connection | null>;
  abstract byId(teamId: string, id: string): Promise<Connection | null>;
  /** The id of any case that this connection placed, to recognise the account by; null when there is none. */
  abstract someCaseOf(connection: Connection): Promise<string | null>;
}
