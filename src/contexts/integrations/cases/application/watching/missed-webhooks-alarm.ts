import { Injectable, Logger } from '@nestjs/common';
import type { Connection } from '../../../connections/domain/connection.js';
import { Vendors } from '../../../gateway/domain/vendors.js';
import { MissedWebhooks } from '../../domain/missed-webhooks.js';

/** Logs once that cases change and no webhook announces it. The admin sees it as long as it lasts. */
@Injectable()
export class MissedWebhooksAlarm {
  private readonly log = new Logger('webhooks');

  constructor(
    private readonly missedWebhooks: MissedWebhooks,
    private readonly vendors: Vendors,
  ) {}

  async check(connection: Connection): Promise<void> {
    const since = await this.missedWebhooks.alarm(connection);
    if (!since) return;
    const { teamId, id: connectionId } = connection;
    const { name } = this.vendors.of(connection.vendor);
    this.log.warn(
      { teamId, connectionId, since },
      `cases change and no webhook announces it: is it switched off at ${name}?`,
    );
  }
}
