import { Injectable } from '@nestjs/common';
import { sql } from 'kysely';
import { Database } from '#platform/database/database';
import type { Connection } from '../../domain/connection.js';
import { NoticeRecord } from '../../domain/notice-record.js';

@Injectable()
export class PostgresNoticeRecord extends NoticeRecord {
  constructor(private readonly database: Database) {
    super();
  }

  async of({ teamId, id }: Connection): Promise<{ lastEventAt: Date | null; rejectedIn24h: number }> {
    // Ids of deliveries sort by time, and the key leads with the team: the newest is found without reading the others.
    const row = await this.database.first(sql<{ last_event_at: Date | string | null; rejected: number }>`
      select (select d.received_at from integrations.delivery d
              where d.team_id = ${teamId} and d.connection_id = ${id} order by d.id desc limit 1) as last_event_at,
             (select coalesce(sum(r.count), 0)::int from integrations.rejected_signature r
              where r.team_id = ${teamId} and r.connection_id = ${id} and r.hour > now() - interval '24 hours') as rejected`);
    return {
      lastEventAt: row?.last_event_at ? new Date(row.last_event_at) : null,
      rejectedIn24h: row?.rejected ?? 0,
    };
  }
}
