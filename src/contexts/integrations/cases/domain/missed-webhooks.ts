import type { Connection } from '../../connections/domain/connection.js';

/** Counts the changes that polling found and no webhook announced. */
export abstract class MissedWebhooks {
  abstract missed(connection: Pick<Connection, 'teamId' | 'id'>, changes: number): Promise<void>;
  /** Since when webhooks have been missing; null while none are missing, or when this was already reported. */
  abstract alarm(connection: Connection): Promise<Date | null>;
}
