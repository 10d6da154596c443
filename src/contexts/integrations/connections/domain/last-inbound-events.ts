import type { Connection } from './connection.js';

/** When the last event arrived for a connection. */
export abstract class LastInboundEvents {
  abstract of(connection: Connection): Promise<{ lastEventAt: Date | null }>;
}
