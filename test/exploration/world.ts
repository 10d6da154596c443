/** One order that the vendor was handed: it has it, or may still come to have it until `bound`. Times in seconds from now. */
export interface Handed {
  send: number;
  committed: number | null;
  /** By then it is committed and every list shows it, or it never will be. */
  bound: number;
}

export interface Queued {
  job: number;
  due: number;
}

/** Where someone is in their work: the numbers of the job and of the tape so far. */
export interface Worker {
  job: number;
  tape: number;
  /** Its process stands still; it does not know. */
  asleep?: true;
  /** By how many seconds its machine's clock is wrong. */
  clock?: number;
}

/** What goes wrong, and what people and notices do at the wrong moment. An exploration allows so many, in all combinations. */
export const mishaps = [
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
  'notice',
  'refresh',
  'cancel',
  'switch off',
  'application closed',
  'clock wrong',
] as const;
export type Mishap = (typeof mishaps)[number];

/** Everything there is at one moment. Plain, and replaced by every step. */
export interface World {
  rows: number;
  handed: Handed[];
  /** When the older case was made by which a list's health is seen; null: there is none. */
  control: number | null;
  sends: number;
  queue: Queued[];
  workers: Worker[];
  /** Those who wait for an answer to a request: at most two. */
  people: Worker[];
  /** How many mishaps there were. */
  mishaps: number;
  cancel: null | 'withdrawn' | { tooLateAfter: number };
  /** A person said how the order ended. */
  decided: boolean;
  /** The application is not active any more: what was not sent is to be withdrawn. */
  closed: boolean;
}

/**
 * Equal for worlds that differ in nothing that matters to what can follow: workers and jobs have no names. How many mishaps
 * there were is not in it: what follows many can follow few.
 */
export function keyOf({ rows, handed, control, queue, workers, people, cancel, decided, closed }: World): string {
  const jobs = queue.map(({ job, due }) => `${job}@${due}`).sort();
  const [busy, asking] = [workers, people].map((all) =>
    all.map(({ job, tape, asleep, clock = 0 }) => `${job}:${tape}:${asleep ?? false}:${clock}`).sort(),
  );
  return JSON.stringify([rows, handed, control, jobs, busy, asking, cancel, decided, closed]);
}
