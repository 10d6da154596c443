import { Injectable } from '@nestjs/common';
import { ConnectionCalls } from '../../../connections/application/connection-calls.js';
import { KeyAgeAlarm } from '../../../connections/application/key-age-alarm.js';
import type { Connection } from '../../../connections/domain/connection.js';
import { caseStates, endedStates, type OrderSearch } from '../../../gateway/domain/vendor-terms.js';
import { Vendors } from '../../../gateway/domain/vendors.js';
import { CaseWatch, type Place, type WatchedCase } from '../../domain/case-watch.js';
import { type NextStep, type ScheduledTask, sweepSeconds } from '../../domain/scheduled-tasks.js';
import { VendorCases } from '../../domain/vendor-cases.js';
import { MissedWebhooksAlarm } from './missed-webhooks-alarm.js';
import { TakeList } from './take-list.js';
import { WatchLimits } from './watch-limits.js';

/** Cases in one step. A page of the list has 100, and may contain cases that are not ours. */
const chunkSize = 95;
/** Up to this many missing cases are read one by one. For more, the list without the state filter costs less. */
const fewMissing = 3;

const openStates = caseStates.filter((state) => !endedStates.includes(state) && state !== 'unknown');

/** Progress of a sweep, stored as JSON. */
interface SweepProgress {
  after?: Place;
  /** Number of steps of this sweep, and calls used so far. */
  steps?: number;
  calls?: number;
  /** Calls that the last sweep used. */
  lastCalls?: number;
  /** Expedited: the sweep runs without pauses, as fast as the rate budget allows. */
  hasty?: boolean;
  /** When it was expedited. The stored key keeps its older name. */
  hastenedAt?: string;
}

/**
 * The polling sweep: goes through the open cases, oldest first, one page of the list per step. At a vendor without a list every
 * case is read on its own.
 */
@Injectable()
export class SweepCases {
  constructor(
    private readonly watch: CaseWatch,
    private readonly cases: VendorCases,
    private readonly calls: ConnectionCalls,
    private readonly takeList: TakeList,
    private readonly alarm: MissedWebhooksAlarm,
    private readonly keyAge: KeyAgeAlarm,
    private readonly vendors: Vendors,
    private readonly limits: WatchLimits,
  ) {}

  async step(task: ScheduledTask, connection: Connection): Promise<NextStep> {
    const progress = task.progress as SweepProgress;
    const { after, steps, intervalSeconds } = progress.after
      ? { after: progress.after, steps: progress.steps ?? 1, intervalSeconds: task.intervalSeconds }
      : await this.begin(connection, progress.lastCalls ?? 0);
    const chunk = await this.watch.openAfter(connection, after, chunkSize);
    const calls = (progress.calls ?? 0) + (await this.sweepChunk(chunk, connection));
    const last = chunk.at(-1);
    const inSeconds = progress.hasty ? 0 : intervalSeconds / steps;
    if (last && chunk.length === chunkSize) {
      const place = { orderedAt: last.orderedAt.toISOString(), orderId: last.orderId };
      return { inSeconds, intervalSeconds, progress: { ...progress, after: place, steps, calls } };
    }
    await this.alarm.check(connection);
    this.keyAge.check(connection);
    const { hastenedAt } = progress;
    const pause = progress.hasty ? intervalSeconds : inSeconds;
    return { inSeconds: pause, intervalSeconds, progress: { lastCalls: calls, hastenedAt } };
  }

  /** The length of a sweep follows from the calls it needs, including those of other connections of the account. */
  private async begin(
    connection: Connection,
    lastCalls: number,
  ): Promise<{ after: null; steps: number; intervalSeconds: number }> {
    const open = await this.watch.countOpen(connection);
    const { list, limits } = this.vendors.of(connection.vendor);
    const stepsFor = (cases: number): number => Math.ceil(cases / chunkSize);
    const callsFor = (cases: number): number => (list ? stepsFor(cases) : cases);
    const steps = Math.max(1, stepsFor(open.own));
    const calls = Math.max(steps, callsFor(open.own), lastCalls) + callsFor(open.account - open.own);
    const { requestsPerDay } = limits;
    return { after: null, steps, intervalSeconds: sweepSeconds(this.limits.sweepSeconds, calls, requestsPerDay) };
  }

  /** Returns how many calls it used. */
  private async sweepChunk(chunk: WatchedCase[], connection: Connection): Promise<number> {
    const [first, last] = [chunk[0], chunk.at(-1)];
    if (!first || !last) return 0;
    if (!this.vendors.of(connection.vendor).list) {
      await this.takeList.missing(connection, ordersOf(chunk));
      return chunk.length;
    }
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
    const readAt = await this.cases.readStartsAt();
    const { cases, calls } = await this.calls.list(connection, 'sweep', search);
    await this.takeList.of(connection, cases, readAt);
    return { shown: new Set(cases.map(({ id }) => id)), calls };
  }
}

const ordersOf = (cases: WatchedCase[]): string[] => cases.map(({ orderId }) => orderId);
