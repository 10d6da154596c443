import type { Connection } from './connection.js';
import { budgetShares } from './vendor-budget.js';

/**
 * Recurring work for a connection. `sweep`: open cases through the list · `feed`: what the vendor says happened ·
 * `comparison`: all orders of 90 days, both ways.
 */
export const scheduledTaskKinds = ['sweep', 'feed', 'comparison'] as const;
export type ScheduledTaskKind = (typeof scheduledTaskKinds)[number];

export interface ScheduledTask {
  teamId: string;
  connectionId: string;
  kind: ScheduledTaskKind;
  /** How long a whole round takes, as shown to the admin. */
  intervalSeconds: number;
  /** Where the round stands: what its kind wrote down last. Empty at first. */
  progress: Record<string, unknown>;
  /** When the step that is done was due. Names the step: another one, or a hastening, has another. Null before the first. */
  wasDue: Date | null;
}

/** What a step of a round settles for the next one. */
export interface NextStep {
  inSeconds: number;
  intervalSeconds?: number;
  progress?: object;
}

const daySeconds = 86_400;

/** How often the feed is looked at: far more often than cases are swept, as far as its share of the day goes. */
export const feedSeconds = (sweepSeconds: number, callsPerDay: number): number =>
  Math.max(sweepSeconds / 5, daySeconds / (budgetShares.feed * callsPerDay));

/** How long one round over all open cases takes: as short as wished, as long as its share of the day's calls demands. */
export const sweepSeconds = (wished: number, calls: number, callsPerDay: number): number =>
  Math.ceil(Math.max(wished, (calls * daySeconds) / (budgetShares.sweep * callsPerDay)));

/** From one comparison to the next. Short only where sweeps are, as in tests. */
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

/** The table of due times. All on the database's clock. */
export abstract class ScheduledTasks {
  /** Gives every connection its rounds, the first of them after one interval at most. */
  abstract ensure(teamId?: string): Promise<void>;
  /** Takes what is due. Unless its step plans otherwise, it is due again after a while: no step is lost with its worker. */
  abstract takeDue(limit: number): Promise<Pick<ScheduledTask, 'teamId' | 'connectionId' | 'kind'>[]>;
  abstract find(teamId: string, connectionId: string, kind: ScheduledTaskKind): Promise<ScheduledTask | null>;
  /** Settles the next step, unless the one that was done has been overtaken: by a hastening, or by another worker after its lease. */
  abstract plan(
    task: Pick<ScheduledTask, 'teamId' | 'connectionId' | 'kind' | 'wasDue'>,
    next: NextStep,
  ): Promise<void>;
  /** Lets a round over the open cases begin now and go without pauses; not more often than once in a round's time. */
  abstract expediteSweep(connection: Pick<Connection, 'teamId' | 'id'>): Promise<void>;
  /** How many connections draw on the account that this one uses. */
  abstract connectionsOf(accountKey: string): Promise<number>;
}
