import { Logger } from '@nestjs/common';
import { DomainError } from '#kernel/errors';
import { type EventHandler, HandlesEvent } from '#platform/events/event-handler';
import { RecurringWork } from '#platform/recurring/recurring-work';
import type { Connection } from '../../../connections/domain/connection.js';
import { Connections } from '../../../connections/domain/connections.js';
import { VendorFailure } from '../../../gateway/domain/vendor-terms.js';
import { Vendors } from '../../../gateway/domain/vendors.js';
import { TaskDue } from '../../domain/events.js';
import {
  kindsFor,
  type NextStep,
  type ScheduledTask,
  scheduledTaskKinds,
  ScheduledTasks,
} from '../../domain/scheduled-tasks.js';
import { ReadFeed } from './read-feed.js';
import { ReconcileDay } from './reconcile-day.js';
import { SweepCases } from './sweep-cases.js';

/** Longest pause of a task when the vendor cannot be called and names no pause. Never longer than the task's interval. */
const longestPauseSeconds = 60;

/** One step of a scheduled task. The queue does not repeat a failed step; the next step covers it. */
@HandlesEvent(TaskDue, {
  name: 'do-step',
  formerQueues: ['integrations.round-due.v1/do-step'],
  coalesceBy: ['connectionId', 'kind'],
  concurrency: 4,
  expireInSeconds: 300,
})
export class WhenTaskDue implements EventHandler<TaskDue> {
  private readonly log = new Logger('scheduled-tasks');

  constructor(
    private readonly tasks: ScheduledTasks,
    private readonly connections: Connections,
    private readonly sweepCases: SweepCases,
    private readonly readFeed: ReadFeed,
    private readonly reconcileDay: ReconcileDay,
    private readonly vendors: Vendors,
    private readonly recurring: RecurringWork,
  ) {}

  async handle({ teamId, connectionId, kind }: TaskDue): Promise<void> {
    // Another release that runs at the same time may have other kinds.
    if (!scheduledTaskKinds.includes(kind)) return;
    const task = await this.tasks.find(teamId, connectionId, kind);
    const connection = task && (await this.connections.byId(teamId, connectionId));
    if (!task || !connection) return;
    await this.tasks.plan(task, await this.step(task, connection));
  }

  /** `RecurringWork` counts failures that are our own fault, and after several tries only once an hour. */
  private async step(task: ScheduledTask, connection: Connection): Promise<NextStep> {
    const subject = `${connection.teamId}/${connection.id}`;
    const step = await this.recurring.run(`round.${task.kind}`, () => this.takeStep(task, connection), subject);
    return step ?? { inSeconds: pauseOf(task) };
  }

  private async takeStep(task: ScheduledTask, connection: Connection): Promise<NextStep> {
    // The vendor rejects our calls: a person must act first.
    if (connection.attention) return { inSeconds: pauseOf(task) };
    // Another release may have made a task that the vendor cannot serve.
    const { capabilities } = this.vendors.of(connection.vendor);
    if (!kindsFor(capabilities).includes(task.kind)) return { inSeconds: task.intervalSeconds };
    try {
      if (task.kind === 'sweep') return await this.sweepCases.step(task, connection);
      if (task.kind === 'feed') return await this.readFeed.step(task, connection);
      return await this.reconcileDay.step(task, connection);
    } catch (error) {
      if (!isPassing(error)) throw error;
      this.log.warn({ connectionId: connection.id, task: task.kind }, `a step waits: ${error.message}`);
      const pause = statedPause(error) ?? pauseOf(task);
      return { inSeconds: Math.min(pause, Math.max(longestPauseSeconds, task.intervalSeconds)) };
    }
  }
}

const pauseOf = (task: ScheduledTask): number => Math.min(longestPauseSeconds, task.intervalSeconds);

function isPassing(error: unknown): error is DomainError | VendorFailure {
  return error instanceof VendorFailure || (error instanceof DomainError && error.reason === 'budget_exhausted');
}

/** In seconds; null when none was stated. */
function statedPause(error: DomainError | VendorFailure): number | null {
  if (error instanceof DomainError) return error.retryAfterSeconds;
  return error.retryAfterMs === null ? null : Math.ceil(error.retryAfterMs / 1000);
}
