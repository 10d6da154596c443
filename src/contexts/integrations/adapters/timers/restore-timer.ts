import { Injectable } from '@nestjs/common';
import { Settings } from '#platform/config/settings';
import { acrossTeams } from '#platform/database/scope';
import { Ticker } from '#platform/ticker';
import { ReconcileRestored } from '../../application/ordering/reconcile-restored.js';

const everyMs = 2_000;

/**
 * Notices a restore at the start, before anybody is served, and a failover under a running service: until then an order could be
 * called withdrawn that went out in the lost history. Sending does not rely on it.
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
    // Should it fail, the first tick tries again and says why.
    await acrossTeams('scheduling', () => this.tick()).catch(() => undefined);
    await super.onApplicationBootstrap();
  }

  protected tick(): Promise<void> {
    return this.reconcile.ifRestored();
  }
}
