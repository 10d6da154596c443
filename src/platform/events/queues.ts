import { createHash } from 'node:crypto';
import type { EventHandlerOptions } from './event-handler.js';

/** The schema of the queue's own tables. */
export const queueSchema = 'queue';
export const deadLetterQueue = 'dead-letters';

const day = 24 * 3600;

/** New jobs are announced; only retries and delayed jobs wait for the next look. */
export const polling = { pollingIntervalSeconds: 2 };

/** Where pg-boss announces them, with the queue's name. */
export const wakeChannel = `pgboss_${createHash('sha224').update(queueSchema).digest('hex').slice(0, 24)}`;

/** A worker that is alive says so three times before its jobs are taken for dead: they are then given to another one. */
export const heartbeat = { heartbeatRefreshSeconds: 3 };
const heartbeatSeconds = 10;

/** How often the queue looks for jobs whose worker died, and clears away what is finished. */
export const rounds = { superviseIntervalSeconds: 2, monitorIntervalSeconds: 2, maintenanceIntervalSeconds: 300 };

/** Parked jobs wait for a person; nobody's are kept for ever. */
export const deadLetterOptions = { retentionSeconds: 400 * day, deleteAfterSeconds: day, notify: false };

/** How a reaction's jobs are kept, retried and parked. */
export function queueOptions(options: EventHandlerOptions<never>) {
  return {
    retryLimit: options.retryLimit ?? 22,
    retryDelay: 1,
    retryBackoff: true,
    retryDelayMax: 3600,
    heartbeatSeconds,
    expireInSeconds: options.expireInSeconds ?? 120,
    // A job waits as long as a parked one does: that of a reaction which only a later release has waits until that release is
    // back. Finished ones are of no use, and the table stays small.
    retentionSeconds: 400 * day,
    deleteAfterSeconds: 3600,
    deadLetter: deadLetterQueue,
    notify: true,
  };
}
