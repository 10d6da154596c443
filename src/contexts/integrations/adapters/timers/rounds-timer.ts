import { Injectable, Logger, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { Settings } from '#platform/config/settings';
import { Outage } from '#platform/outage';
import { StartRounds } from '../../application/watching/start-rounds.js';

const everyMs = 1000;
const ensureEvery = 60;

/** Looks once a second what is due, on every replica that works; which of them hands a step out does not matter. */
@Injectable()
export class RoundsTimer implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly log = new Logger('rounds');
  private readonly outage = new Outage(this.log, 'rounds');
  private timer: NodeJS.Timeout | undefined;
  private running: Promise<void> = Promise.resolve();
  private ticks = 0;
  private stopped = false;

  constructor(
    private readonly settings: Settings,
    private readonly startRounds: StartRounds,
  ) {}

  onApplicationBootstrap(): void {
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
      this.running = this.tick();
      void this.running.then(() => this.next());
    }, everyMs).unref();
  }

  private async tick(): Promise<void> {
    try {
      if (this.ticks++ % ensureEvery === 0) await this.startRounds.ensure();
      await this.startRounds.due();
    } catch (error) {
      this.outage.note(error);
    }
  }
}
