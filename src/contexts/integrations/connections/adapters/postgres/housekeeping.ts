import { Injectable } from '@nestjs/common';
import { sql } from 'kysely';
import { Database } from '#platform/database/database';
import { HousekeepingTask } from '#platform/housekeeping/housekeeping-task';
import { days } from '#platform/housekeeping/old-rows';
import { IntegrationsSettings } from '../../../settings.js';

/** States of an order that may still lead to a case, or that waits for a person's decision. */
const unendedOrders = sql`('requested', 'sending', 'in_doubt', 'needs_decision')`;
const endedCases = sql`('complete', 'cancelled', 'declined', 'expired', 'undeliverable')`;

/**
 * Deletes a connection that was replaced by another one, once no open order or case uses it and its key has expired.
 * Its scheduled tasks, packages and secrets go with it. One connection per run.
 */
@Injectable()
export class DeleteRetiredConnections extends HousekeepingTask {
  constructor(
    private readonly database: Database,
    private readonly settings: IntegrationsSettings,
  ) {
    super();
  }

  run(): Promise<number> {
    const goesWithIt = [
      'scheduled_task',
      'package',
      'missed_webhooks',
      'rejected_signature',
      'discrepancy',
      'unmatched_case',
    ].map(
      (table) => sql`${sql.ref(`gone_${table}`)} as (
        delete from ${sql.table(`integrations.${table}`)} r using retired c
        where r.team_id = c.team_id and r.connection_id = c.id)`,
    );
    return this.database.affected(sql`
      with retired as (
        select c.team_id, c.id from integrations.connection c
        where not c.current and c.updated_at < now() - ${days(this.settings.kept.retiredConnectionDays)}
          and not exists (select from integrations.order o
                          where o.team_id = c.team_id and o.connection_id = c.id and o.state in ${unendedOrders})
          and not exists (select from integrations.vendor_case v
                          where v.team_id = c.team_id and v.connection_id = c.id and v.state not in ${endedCases})
        limit 1 for update skip locked), ${sql.join(goesWithIt)}
      delete from integrations.connection c using retired where c.team_id = retired.team_id and c.id = retired.id`);
  }
}

/** Forgets previous webhook secrets that are no longer accepted. */
@Injectable()
export class EndPreviousSecrets extends HousekeepingTask {
  constructor(private readonly database: Database) {
    super();
  }

  run(): Promise<number> {
    return this.database.affected(sql`
      update integrations.connection
      set previous_webhook_secret = null, previous_accepted_until = null, version = version + 1
      where previous_webhook_secret is not null and previous_accepted_until < now()`);
  }
}
