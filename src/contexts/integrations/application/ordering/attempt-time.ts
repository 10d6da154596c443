import type { Clock } from '#kernel/ports';

/**
 * The time of one attempt, begun before the order is claimed, so that it ends no later than the deadline in the database.
 * Two clocks, the longer time counts: one of them may be set, the other may stand still while the machine sleeps.
 */
export class AttemptTime {
  private readonly steady = performance.now();
  private readonly wall: number;

  constructor(
    private readonly timeoutMs: number,
    private readonly clock: Clock,
  ) {
    this.wall = clock.now().getTime();
  }

  get leftMs(): number {
    const passed = Math.max(performance.now() - this.steady, this.clock.now().getTime() - this.wall);
    return Math.max(0, Math.floor(this.timeoutMs - passed));
  }

  get isOver(): boolean {
    return this.leftMs === 0;
  }
}
