import { Inject, Logger, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import type { Settings } from './config/settings.js';
import { acrossTeams } from './database/scope.js';
import { Outage } from './outage.js';
import { RecurringWork } from './recurring/recurring-work.js';

/**
 * Does something at intervals on every worker replica, never twice at a time. `RecurringWork` counts failing ticks and spaces out
 * their retries. An outage of the database is logged.
 */
export abstract class Ticker implements OnApplicationBootstrap, OnModuleDestroy {
  @Inject(RecurringWork) protected readonly recurring!: RecurringWork;
  protected stopped = false;
  private readonly outage: Outage;
  private timer: NodeJS.Timeout | undefined;
  private running: Promise<void> = Promise.resolve();

  protected constructor(
    private readonly settings: Settings,
    private readonly name: string,
    private readonly everyMs: number,
  ) {
    this.outage = new Outage(new Logger(name), name);
  }

  protected abstract tick(): Promise<void>;

  onApplicationBootstrap(): void | Promise<void> {
    if (this.settings.role !== 'api') this.next();
  }

  async onModuleDestroy(): Promise<void> {
    this.stopped = true;
    clearTimeout(this.timer);
    await this.running;
  }

  private next(): void {
    if (this.stopped) return;
    this.timer = setTimeout(() => {
      const turn = (): Promise<void> => this.recurring.run(this.name, () => this.tick());
      this.running = acrossTeams('scheduling', turn).catch((error: unknown) => this.outage.note(error));
      void this.running.then(() => this.next());
    }, this.everyMs).unref();
  }
}
