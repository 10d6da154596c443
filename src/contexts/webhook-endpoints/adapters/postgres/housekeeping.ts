import { Injectable } from '@nestjs/common';
import { sql } from 'kysely';
import { Database } from '#platform/database/database';
import { HousekeepingTask } from '#platform/housekeeping/housekeeping-task';
import { days, deleteOld, type OldRows, pieceSize } from '#platform/housekeeping/old-rows';

const keptFor = days(30);

/** What happened can be replayed, and what came of it can be read, for 30 days. */
const old: OldRows[] = [
  { table: 'webhook_endpoints.attempt', since: 'at', keptFor },
  { table: 'webhook_endpoints.delivery', since: 'created_at', keptFor },
  { table: 'webhook_endpoints.event', since: 'at', keptFor },
  // The state of an integration is compared with the next one, however long that takes.
  { table: 'webhook_endpoints.announced', since: 'updated_at', keptFor, only: sql`t.state is null` },
];

@Injectable()
export class DeleteOldWebhookEvents extends HousekeepingTask {
  constructor(private readonly database: Database) {
    super();
  }

  async run(): Promise<number> {
    let deleted = 0;
    for (const rows of old) deleted += await this.database.affected(deleteOld(rows));
    return deleted;
  }
}

/** Deletes what is left of a deleted endpoint: its log in pieces, then its own row. */
@Injectable()
export class DeleteRemovedEndpoints extends HousekeepingTask {
  constructor(private readonly database: Database) {
    super();
  }

  async run(): Promise<number> {
    let deleted = 0;
    for (const table of ['stream', 'delivery', 'attempt']) {
      const rows = sql.table(`webhook_endpoints.${table}`);
      deleted += await this.database.affected(sql`
        delete from ${rows} where ctid = any(array(
          select t.ctid from webhook_endpoints.endpoint e
          join ${rows} t on t.team_id = e.team_id and t.endpoint_id = e.id
          where e.deleted_at is not null limit ${pieceSize} for update of t skip locked))`);
    }
    if (deleted > 0) return deleted;
    return this.database.affected(
      sql`delete from webhook_endpoints.endpoint where deleted_at < now() - interval '1 minute'`,
    );
  }
}

/** Forgets previous secrets that do not sign any more. */
@Injectable()
export class EndPreviousSigningSecrets extends HousekeepingTask {
  constructor(private readonly database: Database) {
    super();
  }

  run(): Promise<number> {
    return this.database.affected(sql`
      update webhook_endpoints.endpoint set previous_secret = null, previous_until = null
      where previous_secret is not null and previous_until < now()`);
  }
}
