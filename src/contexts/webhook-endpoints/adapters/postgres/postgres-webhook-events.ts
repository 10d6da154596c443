import { Injectable } from '@nestjs/common';
import { sql } from 'kysely';
import type { Id } from '#kernel/id';
import { Database } from '#platform/database/database';
import type { EventType } from '../../contract.js';
import { type Announced, type WebhookEvent, WebhookEvents } from '../../domain/webhook-events.js';

const columns = sql`e.team_id as "teamId", e.id, e.type, e.subject`;

@Injectable()
export class PostgresWebhookEvents extends WebhookEvents {
  constructor(private readonly database: Database) {
    super();
  }

  async lockAnnounced(teamId: string, subject: string): Promise<Announced | null> {
    // There may be no row to lock yet.
    const key = `webhook-events/${teamId}/${subject}`;
    await this.database.rows(sql`select pg_advisory_xact_lock(hashtextextended(${key}, 0))`);
    return this.database.first(sql<Announced>`
      select revision, is_complete as "isComplete", needs_attention as "needsAttention", state
      from webhook_endpoints.announced where team_id = ${teamId} and subject = ${subject}`);
  }

  async setAnnounced(teamId: string, subject: string, announced: Announced): Promise<void> {
    const { revision, isComplete, needsAttention, state } = announced;
    await this.database.affected(sql`
      insert into webhook_endpoints.announced (team_id, subject, revision, is_complete, needs_attention, state)
      values (${teamId}, ${subject}, ${revision}, ${isComplete}, ${needsAttention}, ${state})
      on conflict (team_id, subject) do update
        set revision = excluded.revision, is_complete = excluded.is_complete, needs_attention = excluded.needs_attention,
            state = excluded.state, updated_at = now()`);
  }

  async add({ teamId, id, type, subject }: WebhookEvent): Promise<void> {
    await this.database.affected(sql`
      insert into webhook_endpoints.event (team_id, id, type, subject) values (${teamId}, ${id}, ${type}, ${subject})`);
  }

  find(teamId: string, id: Id): Promise<WebhookEvent | null> {
    return this.database.first(sql<WebhookEvent>`
      select ${columns} from webhook_endpoints.event e where e.team_id = ${teamId} and e.id = ${id}`);
  }

  newestSince(teamId: string, types: readonly EventType[], since: Date, limit: number): Promise<WebhookEvent[]> {
    return this.database.rows(sql<WebhookEvent>`
      select ${columns} from (
        select distinct on (subject, type) * from webhook_endpoints.event
        where team_id = ${teamId} and at >= ${since} and type = any(${[...types]}::text[])
        order by subject, type, position desc) e
      order by e.position limit ${limit}`);
  }
}
