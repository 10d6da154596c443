import type { Connection } from '../../connections/domain/connection.js';
import type { Capabilities } from '../../gateway/domain/vendor.js';
import { budgetShares } from '../../gateway/domain/vendor-budget.js';

/**
 * Recurring work for a connection. `sweep`: polls open cases, through the list if there is one · `feed`: reads the vendor's events feed ·
 * `comparison`: the daily reconciliation of 90 days of orders, in both directions.
 */
export const scheduledTaskKinds = ['sweep', 'feed', 'comparison'] as const;
export type ScheduledTaskKind = (typeof scheduledTaskKinds)[number];

/** What a task needs of the vendor; null: nothing, because it works by reading cases one by one as well. */
const needs: Record<ScheduledTaskKind, keyof Capabilities | null> = {
  sweep: null,
  feed: 'eventsFeed',
  comparison: 'listByTime',
};

/** The tasks of a connection to a vendor with these capabilities. */
export function kindsFor(capabilities: Capabilities): ScheduledTaskKind[] {
  return scheduledTaskKinds.filter((kind) => {
    const needed = needs[kind];
    return needed === null || capabilities[needed];
  });
}

export interface ScheduledTask {
  teamId: string;
  connectionId: string;
  kind: ScheduledTaskKind;
  /** How long one full run takes, as shown to the admin. */
  intervalSeconds: number;
  /** What the last step stored; its shape depends on `kind`. Empty at first. */
  progress: Record<string, unknown>;
  /** When the current step was due. It identifies the step: another step, or an expedited one, has another time. Null at first. */
  wasDue: Date | null;
}

/** What a step decides about the next one. */
export interface NextStep {
  inSeconds: number;
  intervalSeconds?: number;
  progress?: object;
}

const daySeconds = 86_400;

/** Seconds between two reads of the feed: a fifth of the sweep's, or more if the feed's share of the day's calls is too small. */
export const feedSeconds = (sweepSeconds: number, callsPerDay: number): number =>
  Math.max(sweepSeconds / 5, daySeconds / (budgetShares.feed * callsPerDay));

/** Seconds for one sweep over all open cases: as desired, or longer if the sweep's share of the day's calls is too small. */
export const sweepSeconds = (desired: number, calls: number, callsPerDay: number): number =>
  Math.ceil(Math.max(desired, (calls * daySeconds) / (budgetShares.sweep * callsPerDay)));

/** Seconds from one daily reconciliation to the next. Shorter than a day only when sweeps are short, as in tests. */
export const dayReconciliationSeconds = (desiredSweep: number): number => Math.min(daySeconds, desiredSweep * 144);

export function startingInterval(kind: ScheduledTaskKind, desiredSweep: number, callsPerDay: number): number {
  switch (kind) {
    case 'sweep':
      return desiredSweep;
    case 'feed':
      return Math.ceil(feedSeconds(desiredSweep, callsPerDay));
    case 'comparison':
      return dayReconciliationSeconds(desiredSweep);
  }
}

/** The due times of all scheduled tasks, on the database's clock. */
export abstract class ScheduledTasks {
  /** Creates missing tasks for every connection; the first step is due after one interval at most. */
  abstract ensure(teamId?: string): Promise<void>;
  /** Takes tasks that are due. Each is due again after a lease unless its step plans otherwise, so a dead worker loses no step. */
  abstract takeDue(limit: number): Promise<Pick<ScheduledTask, 'teamId' | 'connectionId' | 'kind'>[]>;
  abstract find(teamId: string, connectionId: string, kind: ScheduledTaskKind): Promise<ScheduledTask | null>;
  /** Plans the next step, unless the task was expedited meanwhile or another worker took it over after the lease. */
  abstract plan(
    task: Pick<ScheduledTask, 'teamId' | 'connectionId' | 'kind' | 'wasDue'>,
    next: NextStep,
  ): Promise<void>;
  /** Starts a sweep now and runs it without pauses; at most once per sweep interval. */
  abstract expediteSweep(connection: Pick<Connection, 'teamId' | 'id'>): Promise<void>;
  /** How many enabled connections share this account; at least 1. */
  abstract connectionsOf(accountKey: string): Promise<number>;
}
