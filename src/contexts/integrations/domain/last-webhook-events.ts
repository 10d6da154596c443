import type { Connection } from './connection.js';

/** What is known of the vendor's notices to a connection. */
export abstract class LastWebhookEvents {
  abstract of(connection: Connection): Promise<{ lastEventAt: Date | null }>;
}
