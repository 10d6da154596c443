import { Injectable } from '@nestjs/common';
import { Settings } from '#platform/config/settings';
import { Ticker } from '#platform/ticker';
import { StartScheduledTasks } from '../../application/watching/start-scheduled-tasks.js';

const everyMs = 1000;
const ensureEvery = 60;

/** Checks once a second which tasks are due, on every worker replica. Any of them may hand out a step. */
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
