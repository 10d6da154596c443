import { Injectable, Logger } from '@nestjs/common';
import type { Connection } from '../../domain/connection.js';
import { MissedWebhooks } from '../../domain/missed-webhooks.js';

/** Says once that webhooks do not come any more, although things happen. The admin sees it as long as it lasts. */
@Injectable()
export class MissedWebhooksAlarm {
  private readonly log = new Logger('webhooks');

  constructor(private readonly missedWebhooks: MissedWebhooks) {}

  async check(connection: Connection): Promise<void> {
    const since = await this.missedWebhooks.alarm(connection);
    if (!since) return;
    const { teamId, id: connectionId } = connection;
    this.log.warn({ teamId, connectionId, since }, 'cases change and no webhook says so: is it switched off at Certn?');
  }
}
