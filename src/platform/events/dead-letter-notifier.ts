import { Injectable, Logger } from '@nestjs/common';
import { UnitOfWork } from '#kernel/ports';
import { Settings } from '../config/settings.js';
import { describeError } from '../describe-error.js';
import { acrossTeams, asTeam } from '../database/scope.js';
import { Ticker } from '../ticker.js';
import { JobQueue } from './job-queue.js';
import { DeadLetters } from './dead-letters.js';

const checkEveryMs = 2_000;

/**
 * Notifies event handlers, once each, that a job of theirs became a dead letter. It polls, because a worker that dies cannot say so:
 * another process moves its job to the dead letters.
 */
@Injectable()
export class DeadLetterNotifier extends Ticker {
  private readonly log = new Logger('jobs');

  constructor(
    settings: Settings,
    private readonly unitOfWork: UnitOfWork,
    private readonly deadLetters: DeadLetters,
    private readonly queue: JobQueue,
  ) {
    super(settings, 'parked-jobs', checkEveryMs);
  }

  protected async tick(): Promise<void> {
    while (!this.stopped && (await this.notifyNext()));
  }

  private async notifyNext(): Promise<boolean> {
    const notified: { id?: string } = {};
    try {
      return await acrossTeams('scheduling', () =>
        this.unitOfWork.run(async () => {
          const job = await this.deadLetters.nextUnnotified(this.queue.workedQueues);
          if (!job) return false;
          notified.id = job.id;
          this.log.error(`dead letter: ${job.queue} ${job.id} after ${job.tries} tries: ${job.why}`);
          const { eventHandler } = this.queue.on(job.queue) ?? {};
          await asTeam(job.teamId ?? '', async () => eventHandler?.onDeadLetter?.(job.event as never, job.why));
          await this.deadLetters.markNotified(job.id);
          return true;
        }),
      );
    } catch (error) {
      if (notified.id === undefined) throw error;
      this.log.warn(`dead letter: notifying the event handler of ${notified.id} failed: ${describeError(error)}`);
      await this.deadLetters.markNotified(notified.id);
      return true;
    }
  }
}
