import { Socket } from 'node:net';
import type { Pool, PoolClient } from 'pg';
import { longestStatementMs } from './lanes.js';

/** How long a new connection may take. A database that is away refuses at once; one under load takes its time. */
const connectMs = 2_000;
/** A transaction whose process was stopped in the middle must not hold its locks until that process wakes. */
export const idleInTransactionMs = 15_000;
/** No answer, not even a refusal: the connection is dead although nobody closed it. */
const silenceMs = 15_000;

/** A socket that ends by itself when nothing has come or gone for so long. Idle connections of pools end earlier anyway. */
function impatientSocket(): Socket {
  const socket = new Socket();
  socket.setTimeout(silenceMs, () => socket.destroy(new Error('Connection terminated: the database is silent')));
  return socket;
}

/** How the service's connections behave when the database does not: nobody waits for ever. Not for migrations. */
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
 * Takes connections that died in the middle of a transaction back from whoever held them: begin, commit and rollback that
 * fail with their connection never give it back, and after as many as the pool has nothing would work any more.
 */
export function reclaimDead(pool: Pool): void {
  pool.on('connect', (client: PoolClient) => {
    let release: PoolClient['release'] = () => undefined;
    // The pool hands out a new way to release it at every loan; whoever held it may still use it afterwards, to no effect.
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
