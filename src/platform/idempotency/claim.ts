import { sql } from 'kysely';
import type { RequestKey } from '#kernel/request-key';
import type { Database } from '../database/database.js';
import { idempotencyInProgress } from './errors.js';

/**
 * Locks the key of a request until the transaction ends, or throws `idempotency_in_progress` at once. Waiting would occupy a
 * connection for every repeated request.
 */
export async function claim(database: Database, { teamId, userId, path, key }: RequestKey): Promise<void> {
  const name = [teamId, userId, path, key].join('\n');
  const lock = await database.first<{ taken: boolean }>(
    sql`select pg_try_advisory_xact_lock(hashtextextended(${name}, 0)) as taken`,
  );
  if (!lock?.taken) throw idempotencyInProgress();
}
