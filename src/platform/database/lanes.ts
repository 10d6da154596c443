import type { Lane } from './scope.js';

/** How the connections of one process are shared. What a lane has, no other lane can take. */
export interface LaneLimits {
  /** Connections that the lane uses at most. */
  places: number;
  /** Of these, connections that one team uses at most. */
  ofOneTeam: number;
  /** Milliseconds after which a statement outside a transaction is ended. */
  statementMs: number;
  /** Milliseconds that work waits for its turn before it is told to come back. */
  turnMs: number;
}

/** The longest statement that is waited for. The server ends it, and with it what it locked. */
export const longestStatementMs = 12_000;

/** A person waits this long for the work of their own team; a job can wait longer. */
const requestTurnMs = 3_000;
const jobTurnMs = 10_000;

/** What an operator may set. */
export interface DatabaseShares {
  /** Connections that the requests of one team use at most, in each process. */
  perTeam: number;
  /** Milliseconds that a read of a request may take. */
  readMs: number;
}

export const defaultShares: DatabaseShares = { perTeam: 4, readMs: 3_000 };

/**
 * `requests` and `jobs` are done for teams. The rest is reserved: sign-in, the webhook endpoint and health answer however
 * much the teams do, and one team leaves places to the others.
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
    webhooks: shared(3, longestStatementMs),
    health: shared(1, readMs),
    upkeep: shared(3, longestStatementMs),
  };
}

/**
 * A large read keeps the database busy on its own, so that several at a time would slow down everybody else's statements. Each
 * also counts in the lane of requests.
 */
export const largeReadsFor = ({ requests }: Record<Lane, LaneLimits>): LaneLimits => ({ ...requests, ofOneTeam: 1 });

/** Connections of the pool: every lane can use all of its places at once, and one asks whether the database answers. A few processes fit into a default Postgres. */
export const poolSizeFor = (lanes: Record<Lane, LaneLimits>): number =>
  Object.values(lanes).reduce((sum, { places }) => sum + places, 1);
