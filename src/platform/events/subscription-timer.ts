import { Injectable } from '@nestjs/common';
import { Settings } from '../config/settings.js';
import { Ticker } from '../ticker.js';
import { JobQueue } from './job-queue.js';

const everyMs = 5_000;

/** Checks every few seconds whether another release has started on this database. */
@Injectable()
export class SubscriptionTimer extends Ticker {
  constructor(
    settings: Settings,
    private readonly queue: JobQueue,
  ) {
    super(settings, 'subscriptions', everyMs);
  }

  protected tick(): Promise<void> {
    return this.queue.keepUp();
  }
}
