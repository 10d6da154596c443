import type { Lane } from './scope.js';

/** How the connections of one process are shared. One lane cannot use another lane's connections. */
export interface LaneLimits {
  /** Connections that the lane uses at most. */
  places: number;
  /** Of these, connections that one team uses at most. */
  ofOneTeam: number;
  /** Milliseconds after which a statement outside a transaction is cancelled. */
  statementMs: number;
  /** Milliseconds that work waits for its turn before it fails as busy. */
  turnMs: number;
}

/** The longest statement. The server cancels it then and releases its locks. */
export const longestStatementMs = 12_000;

/** How long a request waits for the work of its own team; a job can wait longer. */
const requestTurnMs = 3_000;
const jobTurnMs = 10_000;

/** What an operator can set. */
export interface DatabaseShares {
  /** The most connections that one team's requests use, per process. */
  perTeam: number;
  /** Milliseconds that a read of a request may take. */
  readMs: number;
}

export const defaultShares: DatabaseShares = { perTeam: 4, readMs: 3_000 };

/**
 * `requests` and `jobs` serve teams. The other lanes are reserved, so that sign-in, messages from other systems and health are answered under
 * any load. Within a lane one team leaves connections to the others.
 */
export function lanesFor({ perTeam, readMs }: DatabaseShares): Record<Lane, LaneLimits> {
  const shared = (places: number, statementMs: number): LaneLimits => ({
    places,
    ofOneTeam: places,
    statementMs,
    turnMs: requestTurnMs,
  });
  return {
    requests: { ...shared(perTeam + 4, readMs), ofOneTeam: perTeam },
    jobs: { places: 5, ofOneTeam: 4, statementMs: longestStatementMs, turnMs: jobTurnMs },
    'sign-in': shared(3, readMs),
    inbound: shared(3, longestStatementMs),
    health: shared(1, readMs),
    upkeep: shared(3, longestStatementMs),
  };
}

/**
 * One large read keeps the database busy by itself; several at a time would slow down all other statements. Each also counts in
 * the lane of requests.
 */
export const largeReadsFor = ({ requests }: Record<Lane, LaneLimits>): LaneLimits => ({ ...requests, ofOneTeam: 1 });

/**
 * Connections of the pool: every lane can use all of its places at once, and one more checks whether the database answers. A few
 * processes fit into a default Postgres.
 */
export const poolSizeFor = (lanes: Record<Lane, LaneLimits>): number =>
  Object.values(lanes).reduce((sum, { places }) => sum + places, 1);
