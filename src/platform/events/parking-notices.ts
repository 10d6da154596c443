import { Injectable, Logger, type OnModuleDestroy } from '@nestjs/common';
import { UnitOfWork } from '#kernel/ports';
import { Settings } from '../config/settings.js';
import { describeError } from '../describe-error.js';
import { acrossTeams, asTeam } from '../database/scope.js';
import { Outage } from '../outage.js';
import { JobQueue } from './job-queue.js';
import { ParkedJobs } from './parked-jobs.js';

const lookEveryMs = 2_000;

/**
 * Tells reactions, once each, that a job of theirs was parked. It looks instead of being called by the worker: a job that
 * kills its worker is parked by another one.
 */
@Injectable()
export class ParkingNotices implements OnModuleDestroy {
  private readonly log = new Logger('jobs');
  private readonly outage = new Outage(this.log, 'parked jobs');
  private timer: NodeJS.Timeout | undefined;
  private looking: Promise<void> | undefined;
  private stopped = false;

  constructor(
    private readonly settings: Settings,
    private readonly unitOfWork: UnitOfWork,
    private readonly parked: ParkedJobs,
    private readonly queue: JobQueue,
  ) {}

  start(): void {
    if (this.settings.role === 'api' || this.stopped) return;
    this.timer = setTimeout(() => {
      this.looking = this.look().finally(() => this.start());
    }, lookEveryMs).unref();
  }

  async onModuleDestroy(): Promise<void> {
    this.stopped = true;
    clearTimeout(this.timer);
    await this.looking;
  }

  private async look(): Promise<void> {
    try {
      while (!this.stopped && (await this.tellNext()));
    } catch (error) {
      this.outage.note(error);
    }
  }

  private async tellNext(): Promise<boolean> {
    const told: { id?: string } = {};
    try {
      return await acrossTeams('scheduling', () =>
        this.unitOfWork.run(async () => {
          const job = await this.parked.nextUntold(this.queue.workedQueues);
          if (!job) return false;
          told.id = job.id;
          this.log.error(`parked: ${job.queue} ${job.id} after ${job.tries} tries: ${job.why}`);
          const { reaction } = this.queue.on(job.queue) ?? {};
          await asTeam(job.teamId ?? '', async () => reaction?.parked?.(job.event as never, job.why));
          await this.parked.markTold(job.id);
          return true;
        }),
      );
    } catch (error) {
      if (told.id === undefined) throw error;
      this.log.warn(`parked: telling the reaction of ${told.id} failed: ${describeError(error)}`);
      await this.parked.markTold(told.id);
      return true;
    }
  }
}
