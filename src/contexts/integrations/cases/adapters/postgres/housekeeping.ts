import { Injectable } from '@nestjs/common';
import { type RawBuilder, sql } from 'kysely';
import { Database } from '#platform/database/database';
import { HousekeepingTask } from '#platform/housekeeping/housekeeping-task';
import { days, deleteOld, hours, type OldRows } from '#platform/housekeeping/old-rows';
import { IntegrationsSettings } from '../../../settings.js';

/** Deletes rows whose retention time is over. */
@Injectable()
export class DeleteExpired extends HousekeepingTask {
  constructor(
    private readonly database: Database,
    private readonly settings: IntegrationsSettings,
  ) {
    super();
  }

  async run(): Promise<number> {
    const { rejectedSignatureDays, discrepancyDays } = this.settings.kept;
    const old: OldRows[] = [
      { table: 'integrations.report', since: 'requested_at', keptFor: hours(1) },
      { table: 'integrations.unmatched_case', since: 'received_at', keptFor: days(7) },
      {
        table: 'integrations.rejected_signature',
        since: 'hour',
        keptFor: days(rejectedSignatureDays),
      },
      { table: 'integrations.discrepancy', since: 'found_at', keptFor: days(discrepancyDays) },
    ];
    let deleted = 0;
    for (const rows of old) deleted += await this.database.affected(deleteOld(rows));
    return deleted;
  }
}

/**
 * Deletes a batch of old inbound events. Stored events identify repetitions. The newest of each connection stay, however old:
 * the events feed continues from there, and admins see when the last event arrived.
 */
export function deleteOldEvents(keptDays: number): RawBuilder<unknown> {
  const newest = (which: RawBuilder<unknown>): RawBuilder<unknown> => sql`
    (select n.id from integrations.inbound_event n
     where n.team_id = t.team_id and n.connection_id = t.connection_id and ${which} order by n.id desc limit 1)`;
  const isOfNoConnection = sql`not exists (
    select from integrations.connection c where c.team_id = t.team_id and c.id = t.connection_id)`;
  return deleteOld({
    table: 'integrations.inbound_event',
    since: 'received_at',
    keptFor: days(keptDays),
    only: sql`(${isOfNoConnection} or (
      (t.event_id is null or t.id < ${newest(sql`n.event_id is not null`)})
      and (t.announced_at is null or t.id < ${newest(sql`n.announced_at is not null`)})))`,
  });
}

@Injectable()
export class DeleteOldInboundEvents extends HousekeepingTask {
  constructor(
    private readonly database: Database,
    private readonly settings: IntegrationsSettings,
  ) {
    super();
  }

  run(): Promise<number> {
    return this.database.affected(deleteOldEvents(this.settings.kept.inboundEventDays));
  }
}
