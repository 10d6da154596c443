import { Injectable } from '@nestjs/common';
import { Settings } from '#platform/config/settings';
import { acrossTeams } from '#platform/database/scope';
import { Ticker } from '#platform/ticker';
import { ReconcileRestored } from '../../application/reconcile-restored.js';

const everyMs = 2_000;

/**
 * Detects a restore at the start, before requests are served, and a failover under a running service. Until it is detected, an
 * order that was sent in the lost history could show as withdrawn. Sending does not rely on this timer.
 */
@Injectable()
export class RestoreTimer extends Ticker {
  constructor(
    settings: Settings,
    private readonly reconcile: ReconcileRestored,
  ) {
    super(settings, 'restore', everyMs);
  }

  override async onApplicationBootstrap(): Promise<void> {
    // If it fails, the first tick tries again and logs the reason.
    await acrossTeams('scheduling', () => this.tick()).catch(() => undefined);
    await super.onApplicationBootstrap();
  }

  protected tick(): Promise<void> {
    return this.reconcile.ifRestored();
  }
}
