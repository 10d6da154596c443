import { createHash } from 'node:crypto';
import type { EventHandlerOptions } from './event-handler.js';

/** The schema of the queue's own tables. */
export const queueSchema = 'queue';
export const deadLetterQueue = 'dead-letters';

const day = 24 * 3600;

/** New jobs are announced; only retries and delayed jobs wait for the next poll. */
export const polling = { pollingIntervalSeconds: 2 };

/** The channel on which pg-boss announces them, with the queue's name. */
export const wakeChannel = `pgboss_${createHash('sha224').update(queueSchema).digest('hex').slice(0, 24)}`;

/** A live worker sends three heartbeats before its jobs would count as dead and go to another worker. */
export const heartbeat = { heartbeatRefreshSeconds: 3 };
const heartbeatSeconds = 10;

/** How often the queue looks for jobs whose worker died, and removes finished ones. */
export const maintenance = { superviseIntervalSeconds: 2, monitorIntervalSeconds: 2, maintenanceIntervalSeconds: 300 };

/** Dead letters wait for an operator, but not indefinitely. */
export const deadLetterOptions = { retentionSeconds: 400 * day, deleteAfterSeconds: day, notify: false };

/** How the jobs of an event handler are retained, retried and moved to the dead letters. */
export function queueOptions(options: EventHandlerOptions<never>) {
  return {
    retryLimit: options.retryLimit ?? 22,
    retryDelay: 1,
    retryBackoff: true,
    retryDelayMax: 3600,
    heartbeatSeconds,
    expireInSeconds: options.expireInSeconds ?? 120,
    // A job waits as long as a dead letter does: one for a handler that only a later release has waits until that release is back.
    // Finished jobs are deleted soon, so the table stays small.
    retentionSeconds: 400 * day,
    deleteAfterSeconds: 3600,
    deadLetter: deadLetterQueue,
    notify: true,
  };
}
