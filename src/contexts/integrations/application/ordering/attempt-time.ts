import type { Clock } from '#kernel/ports';

/**
 * The time of one attempt, begun before the order is claimed, so that it ends no later than the deadline in the database.
 * The longest time counts: the machine's own clock may be set, one that only counts may stand still while the machine sleeps.
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
