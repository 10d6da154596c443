import { Injectable } from '@nestjs/common';
import { ConnectionCalls } from '../../../connections/application/connection-calls.js';
import type { Connection } from '../../../connections/domain/connection.js';
import { CaseWatch, type WatchedCase } from '../../domain/case-watch.js';
import { Discrepancies } from '../../domain/discrepancies.js';
import { dayReconciliationSeconds, type NextStep, type ScheduledTask } from '../../domain/scheduled-tasks.js';
import { VendorCases } from '../../domain/vendor-cases.js';
import { TakeList } from './take-list.js';
import { WatchLimits } from './watch-limits.js';

const dayMs = 24 * 3600 * 1000;
/** Days an order is reconciled after it was placed, ended or not, because disputes come late. */
const watchedDays = 90;

const dayOf = (time: Date): Date => new Date(Math.floor(time.getTime() / dayMs) * dayMs);

interface ReconcileDayProgress {
  /** The next day to reconcile, ISO 8601; none between two daily reconciliations. */
  day?: string;
  startedAt?: string;
}

/**
 * The daily reconciliation: compares all orders of 90 days with the cases of the account, one day's orders per step. Finds what
 * is missing on either side, and cases that were reopened after they ended.
 */
@Injectable()
export class ReconcileDay {
  constructor(
    private readonly watch: CaseWatch,
    private readonly cases: VendorCases,
    private readonly discrepancies: Discrepancies,
    private readonly calls: ConnectionCalls,
    private readonly takeList: TakeList,
    private readonly limits: WatchLimits,
  ) {}

  async step(task: ScheduledTask, connection: Connection): Promise<NextStep> {
    const now = await this.cases.readStartsAt();
    const { day, startedAt = now.toISOString() } = task.progress as ReconcileDayProgress;
    const from = day ? new Date(day) : this.begin(connection, now);
    const to = new Date(from.getTime() + dayMs);
    await this.compare(connection, from, to);
    const intervalSeconds = dayReconciliationSeconds(this.limits.sweepSeconds);
    if (to <= now) {
      const inSeconds = Math.min(20, this.limits.sweepSeconds / 30);
      return { inSeconds, intervalSeconds, progress: { day: to.toISOString(), startedAt } };
    }
    const taken = (now.getTime() - new Date(startedAt).getTime()) / 1000;
    return { inSeconds: Math.max(0, intervalSeconds - taken), intervalSeconds, progress: {} };
  }

  /** No order is older than its connection. */
  private begin(connection: Connection, now: Date): Date {
    const earliest = new Date(now.getTime() - watchedDays * dayMs);
    return dayOf(connection.createdAt > earliest ? connection.createdAt : earliest);
  }

  private async compare(connection: Connection, from: Date, to: Date): Promise<void> {
    const ours = await this.watch.between(connection, from, to);
    const mayHaveNew = connection.current && connection.state === 'enabled';
    if (ours.length === 0 && !mayHaveNew) return;
    const readAt = await this.cases.readStartsAt();
    const { cases: listed } = await this.calls.list(connection, 'read', { from, to });
    await this.takeList.of(connection, listed, readAt);
    await this.takeList.missing(connection, this.missingOf(ours, new Set(listed.map(({ id }) => id)), readAt), {
      andGone: true,
    });
    await this.discrepancies.reconcileCases(connection, from, to, listed);
  }

  /** Leaves out recent orders: the list may not show them yet. */
  private missingOf(ours: WatchedCase[], shown: Set<string>, readAt: Date): string[] {
    const visibleBefore = readAt.getTime() - this.limits.visibilityLagSeconds * 1000;
    return ours
      .filter(({ caseId, orderedAt }) => !shown.has(caseId) && orderedAt.getTime() < visibleBefore)
      .map(({ orderId }) => orderId);
  }
}
