import { Socket } from 'node:net';
import type { Pool, PoolClient } from 'pg';
import { longestStatementMs } from './lanes.js';

/** How long a new connection may take. A database that is down refuses at once; one under load is slow. */
const connectMs = 2_000;
/** A transaction whose process was paused must not hold its locks until that process resumes. */
export const idleInTransactionMs = 15_000;
/** Without any answer for this long the connection is dead, although neither side closed it. */
const silenceMs = 15_000;

/** A socket that closes itself after this long without traffic. Idle connections of pools are closed earlier anyway. */
function impatientSocket(): Socket {
  const socket = new Socket();
  socket.setTimeout(silenceMs, () => socket.destroy(new Error('Connection terminated: the database is silent')));
  return socket;
}

/** Limits every wait of the service's connections on a database that does not answer. Not for migrations. */
export const impatience = {
  connectionTimeoutMillis: connectMs,
  keepAlive: true,
  stream: impatientSocket,
  statement_timeout: longestStatementMs,
  idle_in_transaction_session_timeout: idleInTransactionMs,
  // Statements are prepared, but planned for the values of each call: a plan for any value would suit no team well.
  options: '-c plan_cache_mode=force_custom_plan',
};

/**
 * Returns connections that died inside a transaction to the pool. The driver never releases a connection when begin, commit or
 * rollback fails with it; after as many failures as the pool has connections, the service would stop working.
 */
export function reclaimDead(pool: Pool): void {
  pool.on('connect', (client: PoolClient) => {
    let release: PoolClient['release'] = () => undefined;
    // The pool makes a new release function for every checkout. The former user may still call the old one, without effect.
    Object.defineProperty(client, 'release', {
      get: () => release,
      set: (given: PoolClient['release']) => (release = once(given)),
    });
    client.once('end', () => release(true));
  });
}

function once(release: PoolClient['release']): PoolClient['release'] {
  let done = false;
  return (error) => {
    if (!done) release(error);
    done = true;
  };
}
