import { Injectable } from '@nestjs/common';
import { Settings } from '#platform/config/settings';
import { Ticker } from '#platform/ticker';
import { ReconcileRestored } from '../../application/ordering/reconcile-restored.js';

const everyMs = 2_000;

/** Notices a failover under a running service, and a restore before the first order is due. Sending does not rely on it. */
@Injectable()
export class RestoreTimer extends Ticker {
  constructor(
    settings: Settings,
    private readonly reconcile: ReconcileRestored,
  ) {
    super(settings, 'restore', everyMs);
  }

  protected tick(): Promise<void> {
    return this.reconcile.ifRestored();
  }
}
