import type { Connection } from './connection.js';

/** Changes that we had to find ourselves because no webhook announced them. */
export abstract class MissedWebhooks {
  abstract missed(connection: Pick<Connection, 'teamId' | 'id'>, changes: number): Promise<void>;
  /** Since when webhooks are silent; null while they are not, or when that was told before. */
  abstract alarm(connection: Connection): Promise<Date | null>;
}
