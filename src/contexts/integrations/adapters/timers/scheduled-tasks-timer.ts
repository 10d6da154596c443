import { Injectable } from '@nestjs/common';
import { Settings } from '#platform/config/settings';
import { Ticker } from '#platform/ticker';
import { StartScheduledTasks } from '../../application/watching/start-scheduled-tasks.js';

const everyMs = 1000;
const ensureEvery = 60;

/** Looks once a second what is due, on every replica that works; which of them hands a step out does not matter. */
@Injectable()
export class ScheduledTasksTimer extends Ticker {
  private ticks = 0;

  constructor(
    settings: Settings,
    private readonly startScheduledTasks: StartScheduledTasks,
  ) {
    super(settings, 'rounds', everyMs);
  }

  protected async tick(): Promise<void> {
    if (this.ticks++ % ensureEvery === 0) await this.startScheduledTasks.ensure();
    await this.startScheduledTasks.due();
  }
}
