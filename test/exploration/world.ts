/** One order that was handed to the vendor. The vendor has committed it, or may commit it until `bound`. Seconds from now. */
export interface Handed {
  send: number;
  committed: number | null;
  /** By then it is committed and in every list, or it never will be. */
  bound: number;
}

export interface Queued {
  job: number;
  due: number;
}

/** How far a worker is: the numbers of its job and of its recording so far. */
export interface Worker {
  job: number;
  recording: number;
  /** Its process is paused, without its knowledge. */
  asleep?: true;
  /** Error of its machine's clock, in seconds. */
  clock?: number;
}

/**
 * Failures, and requests of people or webhook events at an inconvenient moment. An exploration allows a number of them, in all
 * combinations.
 */
export const faults = [
  'crash',
  'duplicate',
  'sleep',
  'late job',
  'connection refused',
  'answer lost',
  'commit late or never',
  'refusal',
  'key refused',
  'list lag',
  'list far behind',
  'list unreadable',
  'webhook event',
  'refresh',
  'cancel',
  'switch off',
  'application closed',
  'clock wrong',
] as const;
export type Fault = (typeof faults)[number];

/** The whole state at one moment: plain data, replaced by every step. */
export interface World {
  rows: number;
  handed: Handed[];
  /** When the sentinel case was created. Null: there is none. */
  sentinel: number | null;
  sends: number;
  queue: Queued[];
  workers: Worker[];
  /** People who wait for an answer to a request: at most two. */
  people: Worker[];
  /** Number of faults so far. */
  faults: number;
  cancel: null | 'withdrawn' | { tooLateAfter: number };
  /** A person has decided how the order ended. */
  decided: boolean;
  /** The application is no longer active: an unsent order must be withdrawn. */
  closed: boolean;
}

/**
 * Equal for worlds with the same possible futures: workers and jobs have no names. The number of faults is left out: a future
 * after many faults is also possible after few.
 */
export function keyOf({ rows, handed, sentinel, queue, workers, people, cancel, decided, closed }: World): string {
  const jobs = queue.map(({ job, due }) => `${job}@${due}`).sort();
  const [busy, asking] = [workers, people].map((all) =>
    all.map(({ job, recording, asleep, clock = 0 }) => `${job}:${recording}:${asleep ?? false}:${clock}`).sort(),
  );
  return JSON.stringify([rows, handed, sentinel, jobs, busy, asking, cancel, decided, closed]);
}
