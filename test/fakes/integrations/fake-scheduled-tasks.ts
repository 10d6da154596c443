import {
  kindsFor,
  type NextStep,
  type ScheduledTask,
  type ScheduledTaskKind,
  ScheduledTasks,
  startingInterval,
} from '../../../src/contexts/integrations/cases/domain/scheduled-tasks.js';
import type { Vendors } from '../../../src/contexts/integrations/gateway/domain/vendors.js';
import { FakeTable } from '../fake-store.js';
import type { FakeConnections } from './fake-connections.js';
import type { IntegrationsTables } from './tables.js';

type TaskKey = Pick<ScheduledTask, 'teamId' | 'connectionId' | 'kind'>;
interface Row extends ScheduledTask {
  dueAt: Date;
}

const leaseSeconds = 300;
const keyOf = ({ teamId, connectionId, kind }: TaskKey): string => `${teamId}/${connectionId}/${kind}`;

/** Passes the suite of `ScheduledTasks`. */
export class FakeScheduledTasks extends ScheduledTasks {
  private readonly rows: FakeTable<Row>;

  constructor(
    private readonly tables: IntegrationsTables,
    private readonly connections: FakeConnections,
    private readonly vendors: Vendors,
    private readonly sweepSeconds = 600,
  ) {
    super();
    this.rows = new FakeTable(tables.store);
  }

  async ensure(teamId?: string): Promise<void> {
    for (const connection of this.connections.stored) {
      if (teamId !== undefined && connection.teamId !== teamId) continue;
      const { capabilities, limits } = this.vendors.of(connection.vendor);
      for (const kind of kindsFor(capabilities)) {
        const key = { teamId: connection.teamId, connectionId: connection.id, kind };
        if (this.rows.get(keyOf(key))) continue;
        const intervalSeconds = startingInterval(kind, this.sweepSeconds, limits.requestsPerDay);
        const dueAt = this.tables.in(Math.min(intervalSeconds, this.sweepSeconds));
        this.rows.set(keyOf(key), { ...key, intervalSeconds, progress: {}, wasDue: null, dueAt });
      }
    }
  }

  async takeDue(limit: number): Promise<TaskKey[]> {
    const due = this.rows
      .where(({ dueAt }) => dueAt <= this.tables.clock.now())
      .toSorted((one, other) => one.dueAt.getTime() - other.dueAt.getTime())
      // A task that another transaction is taking is left to it.
      .filter((row) => this.tables.store.tryLock(`task ${keyOf(row)}`))
      .slice(0, limit);
    for (const row of due)
      this.rows.set(keyOf(row), { ...row, wasDue: row.dueAt, dueAt: this.tables.in(leaseSeconds) });
    return due.map(({ teamId, connectionId, kind }) => ({ teamId, connectionId, kind }));
  }

  async find(teamId: string, connectionId: string, kind: ScheduledTaskKind): Promise<ScheduledTask | null> {
    const row = this.rows.get(keyOf({ teamId, connectionId, kind }));
    if (!row) return null;
    const { dueAt: _dueAt, ...task } = row;
    return task;
  }

  async plan(
    task: TaskKey & Pick<ScheduledTask, 'wasDue'>,
    { inSeconds, intervalSeconds, progress }: NextStep,
  ): Promise<void> {
    const row = this.rows.get(keyOf(task));
    if (row?.wasDue?.getTime() !== task.wasDue?.getTime() || !row) return;
    const now = this.tables.clock.now().getTime();
    const dueAt = new Date(Math.max(now, (row.wasDue?.getTime() ?? now) + inSeconds * 1000));
    const stored = progress ? (JSON.parse(JSON.stringify(progress)) as Row['progress']) : row.progress;
    this.rows.set(keyOf(task), {
      ...{ ...row, dueAt },
      intervalSeconds: intervalSeconds ?? row.intervalSeconds,
      progress: stored,
    });
  }

  async expediteSweep({ teamId, id }: { teamId: string; id: string }): Promise<void> {
    const key = { teamId, connectionId: id, kind: 'sweep' as const };
    const row = this.rows.get(keyOf(key));
    if (!row) return;
    const { after: _after, hastenedAt, ...progress } = row.progress;
    const soonest = this.tables.in(-row.intervalSeconds);
    if (typeof hastenedAt === 'string' && new Date(hastenedAt) >= soonest) return;
    const now = this.tables.clock.now();
    const hasty = { ...progress, hasty: true, hastenedAt: now.toISOString() };
    this.rows.set(keyOf(key), { ...row, dueAt: now, wasDue: now, progress: hasty });
  }

  async connectionsOf(accountKey: string): Promise<number> {
    const enabled = this.connections.stored.filter((one) => one.accountKey === accountKey && one.disabledAt === null);
    return Math.max(1, enabled.length);
  }
}
