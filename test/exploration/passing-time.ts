import type { Heap } from './values.js';
import type { World, Worker } from './world.js';

const longAgo = -24 * 3600;

/** The world after this many seconds without a step: rows, recordings, jobs and the vendor's cases are older. */
export function later(world: World, seconds: number, heap: Heap): World {
  const aged = (worker: Worker): Worker => ({ ...worker, recording: heap.later(worker.recording, seconds) });
  const ago = (time: number): number => Math.max(longAgo, time - seconds);
  const toGo = (time: number): number => Math.max(0, time - seconds);
  return {
    ...world,
    rows: heap.later(world.rows, seconds),
    workers: world.workers.map(aged),
    people: world.people.map(aged),
    queue: world.queue.map(({ job, due }) => ({ job: heap.later(job, seconds), due: toGo(due) })),
    // An order that the vendor has not committed by its bound is never committed.
    handed: world.handed
      .filter(({ committed, bound }) => committed !== null || bound > seconds)
      .map(({ send, committed, bound }) => ({
        send,
        committed: committed === null ? null : ago(committed),
        bound: toGo(bound),
      })),
    sentinel: world.sentinel === null ? null : ago(world.sentinel),
  };
}
