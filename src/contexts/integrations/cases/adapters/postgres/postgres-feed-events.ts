import { Injectable } from '@nestjs/common';
import { sql } from 'kysely';
import { Database } from '#platform/database/database';
import type { Connection } from '../../../connections/domain/connection.js';
import { FeedEvents, type FeedEvent } from '../../domain/feed-events.js';

@Injectable()
export class PostgresFeedEvents extends FeedEvents {
  constructor(private readonly database: Database) {
    super();
  }

  async newestEventOf({ teamId, id }: Connection): Promise<string | null> {
    const row = await this.database.first(sql<{ event_id: string }>`
      select event_id from integrations.inbound_event
      where team_id = ${teamId} and connection_id = ${id} and event_id is not null order by id desc limit 1`);
    return row?.event_id ?? null;
  }

  async store({ teamId, id }: Connection, events: FeedEvent[]): Promise<{ orderId: string; ended: boolean }[]> {
    const rows = await this.database.rows(sql<{ order_id: string; ended: boolean }>`
      with known as (
        select distinct on (t."eventId") t.*, v.order_id, v.state in ('complete', 'cancelled', 'declined', 'expired', 'undeliverable') as ended
        from jsonb_to_recordset(${JSON.stringify(events)}::jsonb)
          as t (id uuid, "eventId" text, "eventType" text, "caseId" text)
        join integrations.vendor_case v
          on v.team_id = ${teamId} and v.connection_id = ${id} and v.case_id = t."caseId"),
      stored as (
        insert into integrations.inbound_event (team_id, id, connection_id, order_id, case_id, event_id, event_type)
        select ${teamId}::uuid, id, ${id}::uuid, order_id, "caseId", "eventId", "eventType" from known
        on conflict (team_id, connection_id, event_id) do nothing
        returning id)
      select distinct known.order_id, known.ended from known join stored on stored.id = known.id`);
    return rows.map((row) => ({ orderId: row.order_id, ended: row.ended }));
  }

  async isWaitingForACase({ teamId, id }: Connection): Promise<boolean> {
    const row = await this.database.first(sql`
      select 1 from integrations.order
      where team_id = ${teamId} and connection_id = ${id} and state in ('sending', 'in_doubt') limit 1`);
    return row !== null;
  }

  async unknownAmong({ host }: Connection, events: FeedEvent[]): Promise<string[]> {
    const caseIds = [...new Set(events.map(({ caseId }) => caseId))];
    const rows = await this.database.rows(sql<{ case_id: string }>`
      select named.case_id from unnest(${caseIds}::text[]) as named (case_id)
      where not exists (select 1 from integrations.case_directory d
                        where d.host = ${host} and d.case_id = named.case_id)`);
    return rows.map((row) => row.case_id);
  }
}
