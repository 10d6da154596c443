import { Injectable } from '@nestjs/common';
import { sql } from 'kysely';
import { Database } from '#platform/database/database';
import type { Connection } from '../../../connections/domain/connection.js';
import { MissedWebhooks } from '../../domain/missed-webhooks.js';

@Injectable()
export class PostgresMissedWebhooks extends MissedWebhooks {
  constructor(private readonly database: Database) {
    super();
  }

  /** A webhook event since the first missed change resets the count. */
  async missed({ teamId, id }: Pick<Connection, 'teamId' | 'id'>, changes: number): Promise<void> {
    await this.database.affected(sql`
      insert into integrations.missed_webhooks as s (team_id, connection_id, missed, first_missed_at)
      values (${teamId}, ${id}, ${changes}, now())
      on conflict (team_id, connection_id) do update
        set (missed, first_missed_at, notified_at) = (
          select case when broken then 0 else s.missed end + ${changes}::int,
                 case when broken then now() else s.first_missed_at end,
                 case when broken then null else s.notified_at end
          from (select coalesce(max(newest.announced_at) > s.first_missed_at, false) as broken
                from (select d.announced_at from integrations.inbound_event d
                      where d.team_id = ${teamId} and d.connection_id = ${id} and d.announced_at is not null
                      order by d.id desc limit 20) newest) webhook)`);
  }

  async alarm({ teamId, id }: Connection): Promise<Date | null> {
    const missedWebhooks = await this.database.first(sql<{ since: Date | string }>`
      select since from integrations.connection_missing_webhooks where team_id = ${teamId} and connection_id = ${id}`);
    if (!missedWebhooks) return null;
    const notified = await this.database.affected(sql`
      insert into integrations.missed_webhooks as s (team_id, connection_id, missed, first_missed_at, notified_at)
      values (${teamId}, ${id}, 0, ${missedWebhooks.since}, now())
      on conflict (team_id, connection_id) do update set notified_at = now()
        where s.notified_at is null or s.notified_at < ${missedWebhooks.since}`);
    return notified === 1 ? new Date(missedWebhooks.since) : null;
  }
}
