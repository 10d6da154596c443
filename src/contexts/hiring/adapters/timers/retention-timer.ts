import { Injectable } from '@nestjs/common';
import { Settings } from '#platform/config/settings';
import { Ticker } from '#platform/ticker';
import { StartRetention } from '../../application/start-retention.js';

const everyMs = 5000;

/** Checks every few seconds which teams' daily retention run is due. The table is small, and no restart is needed. */
@Injectable()
export class RetentionTimer extends Ticker {
  constructor(
    settings: Settings,
    private readonly startRetention: StartRetention,
  ) {
    super(settings, 'retention', everyMs);
  }

  protected tick(): Promise<void> {
    return this.startRetention.due();
  }
}
