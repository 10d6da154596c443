import { Logger, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import type { Settings } from './config/settings.js';
import { acrossTeams } from './database/scope.js';
import { Outage } from './outage.js';

/** Does something every now and then on every replica that works, never twice at a time; a failing tick is noted and made up for. */
export abstract class Ticker implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly outage: Outage;
  private timer: NodeJS.Timeout | undefined;
  private running: Promise<void> = Promise.resolve();
  private stopped = false;

  protected constructor(
    private readonly settings: Settings,
    name: string,
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
      this.running = acrossTeams('scheduling', () => this.tick()).catch((error: unknown) => this.outage.note(error));
      void this.running.then(() => this.next());
    }, this.everyMs).unref();
  }
}
