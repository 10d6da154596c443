import type { Heap } from './moments.js';
import type { World, Worker } from './world.js';

const longAgo = -24 * 3600;

/** The world after so many seconds in which nobody did anything: rows, tapes, jobs and the vendor have grown older. */
export function later(world: World, seconds: number, heap: Heap): World {
  const aged = (worker: Worker): Worker => ({ ...worker, tape: heap.later(worker.tape, seconds) });
  const ago = (time: number): number => Math.max(longAgo, time - seconds);
  const toGo = (time: number): number => Math.max(0, time - seconds);
  return {
    ...world,
    rows: heap.later(world.rows, seconds),
    workers: world.workers.map(aged),
    people: world.people.map(aged),
    queue: world.queue.map(({ job, due }) => ({ job: heap.later(job, seconds), due: toGo(due) })),
    // What was not committed by its bound never will be.
    handed: world.handed
      .filter(({ committed, bound }) => committed !== null || bound > seconds)
      .map(({ send, committed, bound }) => ({
        send,
        committed: committed === null ? null : ago(committed),
        bound: toGo(bound),
      })),
    control: world.control === null ? null : ago(world.control),
  };
}
