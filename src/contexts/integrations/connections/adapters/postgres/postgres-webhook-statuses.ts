import { Injectable } from '@nestjs/common';
import { sql } from 'kysely';
import { Database } from '#platform/database/database';
import type { Connection } from '../../domain/connection.js';
import { type WebhookStatus, WebhookStatuses } from '../../domain/webhook-status.js';

interface Row {
  state: WebhookStatus['state'];
  since: Date | string | null;
  likely_cause: WebhookStatus['likelyCause'];
  refused: number;
}

/** Writes past the aggregate and its version: an event must not conflict with an admin who saves the connection. */
@Injectable()
export class PostgresWebhookStatuses extends WebhookStatuses {
  constructor(private readonly database: Database) {
    super();
  }

  async of({ teamId, id }: Pick<Connection, 'teamId' | 'id'>): Promise<WebhookStatus> {
    const row = await this.database.first(sql<Row>`
      select state, since, likely_cause, refused from integrations.webhook_status
      where team_id = ${teamId} and connection_id = ${id}`);
    if (!row) return { state: 'waiting', since: null, likelyCause: null, refused: 0 };
    return {
      state: row.state,
      since: row.since === null ? null : new Date(row.since),
      likelyCause: row.likely_cause,
      refused: row.refused,
    };
  }

  async lastEventAt({ teamId, id }: Pick<Connection, 'teamId' | 'id'>): Promise<Date | null> {
    // Ids of inbound events sort by time, and the key starts with the team: the newest is found without reading the others.
    const row = await this.database.first(sql<{ received_at: Date | string }>`
      select d.received_at from integrations.inbound_event d
      where d.team_id = ${teamId} and d.connection_id = ${id} order by d.id desc limit 1`);
    return row ? new Date(row.received_at) : null;
  }

  /** Writes only when something changes, so that the events of a busy team do not wait for each other. */
  async arrived(connections: { teamId: string; connectionId: string }[]): Promise<void> {
    const ids = [...new Set(connections.map(({ connectionId }) => connectionId))];
    const teamIds = [...new Set(connections.map(({ teamId }) => teamId))];
    if (ids.length === 0) return;
    await this.database.affected(sql`
      update integrations.connection
      set webhooks_working_since =
            case when webhooks_refused >= 3 or webhooks_working_since is null then now() else webhooks_working_since end,
          webhooks_refused_since = null, webhooks_refused = 0
      where team_id = any(${teamIds}::uuid[]) and id = any(${ids}::uuid[])
        and (webhooks_working_since is null or webhooks_refused > 0)`);
  }

  async restart({ teamId, id }: Pick<Connection, 'teamId' | 'id'>): Promise<void> {
    await this.database.affected(sql`
      update integrations.connection
      set webhooks_working_since = null, webhooks_refused_since = null, webhooks_refused = 0
      where team_id = ${teamId} and id = ${id}`);
  }
}
