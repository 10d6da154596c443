/**
 * Queues of reactions that were taken out, each with its reason. A reaction is taken out one release after the last one that
 * needs it. The queue gets events as long as a running release works it; what is left in it then is kept and listed by
 * `npm run jobs -- queues`. An entry goes when the release before this one does not have the queue any more.
 */
export abstract class RetiredQueues {
  abstract readonly reasons: Record<string, string>;
}

export const retiredQueues: RetiredQueues = { reasons: {} };
