import { Injectable } from '@nestjs/common';
import { Settings } from '#platform/config/settings';
import { Ticker } from '#platform/ticker';
import { StartResultRetention } from '../../application/when-result-retention-due.js';

const everyMs = 5000;

/** Checks every few seconds which teams' daily removal of results is due. */
@Injectable()
export class ResultRetentionTimer extends Ticker {
  constructor(
    settings: Settings,
    private readonly startRetention: StartResultRetention,
  ) {
    super(settings, 'result-retention', everyMs);
  }

  protected tick(): Promise<void> {
    return this.startRetention.due();
  }
}
