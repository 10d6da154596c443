import { Injectable } from '@nestjs/common';
import { CaseWatch, type Place, type WatchedCase } from '../../domain/case-watch.js';
import type { Connection } from '../../domain/connection.js';
import { type NextStep, type ScheduledTask, sweepSeconds } from '../../domain/scheduled-tasks.js';
import { caseStates, endedStates, type OrderSearch } from '../../domain/screening-provider.js';
import { VendorCases } from '../../domain/vendor-cases.js';
import { VendorCalls } from '../vendor-calls.js';
import { KeyAgeAlarm } from './key-age-alarm.js';
import { MissedWebhooksAlarm } from './missed-webhooks-alarm.js';
import { TakeList } from './take-list.js';
import { WatchLimits } from './watch-limits.js';

/** Cases in one step: a page of the list has 100, and between ours may lie others. */
const chunkSize = 95;
/** So many missing cases are read one by one; for more, the list without its filter is cheaper. */
const fewMissing = 3;

const openStates = caseStates.filter((state) => !endedStates.includes(state) && state !== 'unknown');

/** Where a round over the open cases stands. */
interface SweepProgress {
  after?: Place;
  /** Into how many steps the round was divided, and what calls it took so far. */
  steps?: number;
  calls?: number;
  /** What the round before took. */
  lastCalls?: number;
  /** Much was reported at once: the round goes through without pauses, as fast as the budget allows. */
  hasty?: boolean;
  expeditedAt?: string;
}

/** The sweep: open cases, oldest first, a page of the list at a time; a round comes back to the same case in time. */
@Injectable()
export class SweepCases {
  constructor(
    private readonly watch: CaseWatch,
    private readonly cases: VendorCases,
    private readonly calls: VendorCalls,
    private readonly takeList: TakeList,
    private readonly alarm: MissedWebhooksAlarm,
    private readonly keyAge: KeyAgeAlarm,
    private readonly limits: WatchLimits,
  ) {}

  async step(task: ScheduledTask, connection: Connection): Promise<NextStep> {
    const progress = task.progress as SweepProgress;
    const { after, steps, intervalSeconds } = progress.after
      ? { after: progress.after, steps: progress.steps ?? 1, intervalSeconds: task.intervalSeconds }
      : await this.begin(connection, progress.lastCalls ?? 0);
    const chunk = await this.watch.openAfter(connection, after, chunkSize);
    const calls = (progress.calls ?? 0) + (await this.reconcileAt(chunk, connection));
    const last = chunk.at(-1);
    const inSeconds = progress.hasty ? 0 : intervalSeconds / steps;
    if (last && chunk.length === chunkSize) {
      const place = { orderedAt: last.orderedAt.toISOString(), orderId: last.orderId };
      return { inSeconds, intervalSeconds, progress: { ...progress, after: place, steps, calls } };
    }
    await this.alarm.check(connection);
    this.keyAge.check(connection);
    const { expeditedAt } = progress;
    const pause = progress.hasty ? intervalSeconds : inSeconds;
    return { inSeconds: pause, intervalSeconds, progress: { lastCalls: calls, expeditedAt } };
  }

  /** How long the round will take follows from the calls it needs, those of others on the same account included. */
  private async begin(
    connection: Connection,
    lastCalls: number,
  ): Promise<{ after: null; steps: number; intervalSeconds: number }> {
    const open = await this.watch.countOpen(connection);
    const stepsFor = (cases: number): number => Math.ceil(cases / chunkSize);
    const steps = Math.max(1, stepsFor(open.own));
    const calls = Math.max(steps, lastCalls) + stepsFor(open.account - open.own);
    const { sweepSeconds: wished, callsPerDay } = this.limits;
    return { after: null, steps, intervalSeconds: sweepSeconds(wished, calls, callsPerDay) };
  }

  /** Answers how many calls it took. */
  private async reconcileAt(chunk: WatchedCase[], connection: Connection): Promise<number> {
    const [first, last] = [chunk[0], chunk.at(-1)];
    if (!first || !last) return 0;
    const window = { from: first.orderedAt, to: new Date(last.orderedAt.getTime() + 1) };
    const open = await this.read(connection, { ...window, states: openStates });
    const missing = chunk.filter(({ caseId }) => !open.shown.has(caseId));
    if (missing.length <= fewMissing) {
      await this.takeList.missing(connection, ordersOf(missing));
      return open.calls;
    }
    const all = await this.read(connection, window);
    await this.takeList.missing(connection, ordersOf(missing.filter(({ caseId }) => !all.shown.has(caseId))));
    return open.calls + all.calls;
  }

  private async read(connection: Connection, search: OrderSearch): Promise<{ shown: Set<string>; calls: number }> {
    const readAt = await this.cases.readingStarts();
    const { cases, calls } = await this.calls.list(connection, 'sweep', search);
    await this.takeList.of(connection, cases, readAt);
    return { shown: new Set(cases.map(({ id }) => id)), calls };
  }
}

const ordersOf = (cases: WatchedCase[]): string[] => cases.map(({ orderId }) => orderId);
