import type { Clock } from '#kernel/ports';

/**
 * The time limit of one attempt. It starts before the order is claimed, so it ends no later than the deadline in the database.
 * Takes the longest of three measurements, because the wall clock may be changed and a monotonic clock may stop while the
 * machine sleeps.
 */
export class AttemptTime {
  private readonly steady = performance.now();
  private readonly wall = Date.now();
  private readonly begun: number;

  constructor(
    private readonly timeoutMs: number,
    private readonly clock: Clock,
  ) {
    this.begun = clock.now().getTime();
  }

  get leftMs(): number {
    const counted = Math.max(performance.now() - this.steady, Date.now() - this.wall);
    const passed = Math.max(counted, this.clock.now().getTime() - this.begun);
    return Math.max(0, Math.floor(this.timeoutMs - passed));
  }

  get isOver(): boolean {
    return this.leftMs === 0;
  }
}
