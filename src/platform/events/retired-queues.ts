/**
 * Queues of removed event handlers, each with its reason. A handler is removed one release after the last one that needs it. The
 * queue gets events as long as a running release works it. Jobs left in it after that are kept, and `npm run jobs -- queues` lists
 * them. Remove an entry when the previous release no longer has the queue.
 */
export abstract class RetiredQueues {
  abstract readonly reasons: Record<string, string>;
}

export const retiredQueues: RetiredQueues = { reasons: {} };
