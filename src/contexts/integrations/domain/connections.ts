import type { Connection } from './connection.js';

/** The connections of all teams. */
export abstract class Connections {
  /** Until the unit of work ends, nobody else changes which connection of this team is current. */
  abstract hold(teamId: string): Promise<void>;
  abstract add(connection: Connection): Promise<void>;
  /** Saves changes and publishes what the connection recorded. Fails when someone else changed it meanwhile. */
  abstract save(connection: Connection): Promise<void>;
  /** The team's current connection, disabled or not. */
  abstract currentOf(teamId: string): Promise<Connection | null>;
  abstract byId(teamId: string, id: string): Promise<Connection | null>;
  /** Some case this connection placed, to recognise the account by; null when there is none. */
  abstract someCaseOf(connection: Connection): Promise<string | null>;
}
