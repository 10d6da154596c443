import { Injectable } from '@nestjs/common';
import { Settings } from '#platform/config/settings';
import { Ticker } from '#platform/ticker';
import { StartRetention } from '../../application/start-retention.js';

const everyMs = 5000;

/** Looks every few seconds which team's daily round is due: a small table, and nobody waits for a restart. */
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
