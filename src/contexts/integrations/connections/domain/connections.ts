import type { Connection } from './connection.js';

/** The connections of all teams. */
export abstract class Connections {
  /** Locks the choice of the team's current connections until the unit of work ends. */
  abstract lock(teamId: string): Promise<void>;
  abstract add(connection: Connection): Promise<void>;
  /** Saves changes and publishes the recorded events. Fails when the connection was changed by another request meanwhile. */
  abstract save(connection: Connection): Promise<void>;
  /** The team's current connection to this vendor, disabled or not. */
  abstract currentOf(teamId: string, vendor: string): Promise<Connection | null>;
  /** The current connection to the vendor of that connection, which may be itself: what is sent now for that vendor uses it. */
  async currentFor(teamId: string, connectionId: string): Promise<Connection | null> {
    const connection = await this.byId(teamId, connectionId);
    return connection?.current === false ? this.currentOf(teamId, connection.vendor) : connection;
  }
  abstract byId(teamId: string, id: string): Promise<Connection | null>;
  /** The id of any case that this connection placed, to recognise the account by; null when there is none. */
  abstract someCaseOf(connection: Connection): Promise<string | null>;
}
