import type { Clock } from '#kernel/ports';
import { type CancelProgress, Cancelling } from '../../../src/contexts/background-checks/domain/ports.js';
import { type FakeStore, FakeTable } from '../fake-store.js';
import { type FakeChecks, keyOf, rowLock } from './fake-checks.js';

/** How much earlier than planned a job may come. */
const toleranceMs = 1_000;

/** Passes the suite of `Cancelling`. */
export class FakeCancelling extends Cancelling {
  private readonly plans: FakeTable<CancelProgress & { dueAt: Date | null }>;

  constructor(
    private readonly store: FakeStore,
    private readonly clock: Clock,
    private readonly checks: FakeChecks,
  ) {
    super();
    this.plans = new FakeTable(store);
  }

  async due(teamId: string, id: string): Promise<CancelProgress | null> {
    await this.store.lock(rowLock({ teamId, id }));
    if (this.checks.where((check) => check.teamId === teamId && check.id === id).length === 0) return null;
    const { asked, accepted, dueAt } = this.planOf(teamId, id);
    const planned = dueAt !== null && dueAt.getTime() > this.clock.now().getTime() + toleranceMs;
    return planned ? null : { asked, accepted };
  }

  async plan(teamId: string, id: string, { asked, accepted }: CancelProgress, inSeconds: number): Promise<void> {
    await this.store.lock(rowLock({ teamId, id }));
    const dueAt = new Date(this.clock.now().getTime() + inSeconds * 1000);
    this.plans.set(keyOf({ teamId, id }), { asked, accepted, dueAt });
  }

  async noteAccepted(teamId: string, id: string): Promise<void> {
    await this.store.lock(rowLock({ teamId, id }));
    this.plans.set(keyOf({ teamId, id }), { ...this.planOf(teamId, id), accepted: true });
  }

  /** What is stored for that check. */
  planOf(teamId: string, id: string): CancelProgress & { dueAt: Date | null } {
    return this.plans.get(keyOf({ teamId, id })) ?? { asked: 0, accepted: false, dueAt: null };
  }
}
