import type { Job, Machine } from './machine.js';
import type { Heap, Json } from './values.js';
import type { Entry } from './entry.js';
import { type Published, Run, type Wait } from './run.js';
import type { Store } from './store.js';
import type { Worker } from './world.js';

export type Ended = { returned: Json } | { threw: string };

/** How far a handler is after a recording, and what its last step did. */
export interface Position {
  recording: number;
  waitsFor: Wait | null;
  ended: Ended | null;
  rows: number;
  published: Published[];
}

/** Replays handlers along their recordings. Each step from a position runs once. */
export class Player {
  private readonly known = new Map<string, Position>();

  constructor(
    private readonly machine: Machine,
    private readonly store: Store,
    readonly heap: Heap,
  ) {}

  /** The position at the end of a recording. */
  async position({ job, recording, clock = 0 }: Worker): Promise<Position> {
    return this.play(job, recording, null, clock);
  }

  /** Runs the next statement, or the rest of the transaction from its first write on. */
  async step({ job, recording, clock = 0 }: Worker, rows: number): Promise<Position> {
    return this.play(job, recording, rows, clock);
  }

  private async play(job: number, recording: number, rows: number | null, clock: number): Promise<Position> {
    const key = `${job}/${recording}/${rows}/${clock}`;
    const known = this.known.get(key);
    if (known) return known;
    const run = new Run(this.heap.get<Entry[]>(recording), Date.now(), this.store, rows ?? -1, rows !== null, clock);
    const end = await run.of(() => this.machine.handle(this.heap.get<Job>(job)));
    const position: Position = {
      recording: this.heap.put(run.entries as unknown as Json),
      waitsFor: run.waitsFor,
      ended: end === 'waiting' ? null : endedBy(end),
      rows: run.rows,
      published: run.published,
    };
    this.known.set(key, position);
    return position;
  }
}

function endedBy(end: { returned: unknown } | { threw: unknown }): Ended {
  if ('threw' in end) return { threw: end.threw instanceof Error ? end.threw.message : String(end.threw) };
  return { returned: (end.returned ?? null) as Json };
}
