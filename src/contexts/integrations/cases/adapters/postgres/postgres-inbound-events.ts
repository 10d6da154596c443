import { Injectable } from '@nestjs/common';
import { sql } from 'kysely';
import { Database } from '#platform/database/database';
import { webhookSecretPlace } from '../../../connections/domain/secret-places.js';
import {
  type CaseOwner,
  InboundEvents,
  type InboundEventToStore,
  type WaitingConnection,
} from '../../domain/vendor-cases.js';

interface OwnerRow {
  team_id: string;
  order_id: string;
  connection_id: string;
  secret: string;
  previous_secret: string | null;
}

interface StoredRow {
  id: string;
  event_id: string | null;
  digest: string | null;
}

const secretsOf = (row: Omit<OwnerRow, 'order_id'>): CaseOwner['secrets'] => {
  const place = webhookSecretPlace(row.team_id, row.connection_id);
  return [row.secret, row.previous_secret].filter((s) => s !== null).map((sealed) => ({ sealed, place }));
};

const toOwner = (row: OwnerRow): CaseOwner => ({
  teamId: row.team_id,
  orderId: row.order_id,
  connectionId: row.connection_id,
  secrets: secretsOf(row),
});

const secretColumns = sql`
  c.webhook_secret->>'sealed' as secret,
  case when c.previous_accepted_until > now() then c.previous_webhook_secret end as previous_secret`;

@Injectable()
export class PostgresInboundEvents extends InboundEvents {
  constructor(private readonly database: Database) {
    super();
  }

  async ownersOf(caseIds: string[], vendor: string): Promise<Map<string, CaseOwner>> {
    const rows = await this.database.rows(sql<OwnerRow & { case_id: string }>`
      select d.case_id, d.team_id, d.order_id, c.id as connection_id, ${secretColumns}
      from integrations.case_directory d
      join integrations.vendor_case v on v.team_id = d.team_id and v.order_id = d.order_id
      join integrations.connection c on c.team_id = v.team_id and c.id = v.connection_id
      where d.case_id = any(${caseIds}) and c.vendor = ${vendor}`);
    return new Map(rows.map((row) => [row.case_id, toOwner(row)]));
  }

  async waitingForACase(vendor: string, most: number): Promise<WaitingConnection[]> {
    const rows = await this.database.rows(sql<Omit<OwnerRow, 'order_id'> & { host: string }>`
      select c.team_id, c.id as connection_id, split_part(c.account_key, '#', 1) as host, ${secretColumns}
      from (select team_id, connection_id, max(updated_at) as newest from integrations.order
            where state in ('sending', 'in_doubt') group by team_id, connection_id) o
      join integrations.connection c on c.team_id = o.team_id and c.id = o.connection_id and c.vendor = ${vendor}
      order by o.newest desc limit ${most}`);
    return rows.map((row) => ({
      teamId: row.team_id,
      connectionId: row.connection_id,
      host: row.host,
      secrets: secretsOf(row),
    }));
  }

  /**
   * One statement stores new events and marks repeated ones. All replicas use the same row order, which avoids deadlocks. An
   * event that the feed delivered first counts as announced late, not as repeated.
   */
  async store(webhookEvents: InboundEventToStore[]): Promise<('fresh' | 'repeated' | 'conflicting')[]> {
    const stored = await this.database.rows(sql<StoredRow>`
      insert into integrations.inbound_event as d
        (team_id, id, connection_id, order_id, case_id, event_id, event_type, announced_at, digest)
      select "teamId", id, "connectionId", "orderId", "caseId", "eventId", "eventType", now(), digest
      from json_to_recordset(${JSON.stringify(webhookEvents.map(({ owner, ...webhookEvent }) => ({ ...webhookEvent, ...owner })))}::json)
        as n (id uuid, "teamId" uuid, "connectionId" uuid, "orderId" uuid, "caseId" text, "eventId" text,
              "eventType" text, digest text)
      order by "teamId", "connectionId", "eventId"
      on conflict (team_id, connection_id, event_id) do update
        set announced_at = coalesce(d.announced_at, excluded.announced_at),
            digest = coalesce(d.digest, excluded.digest),
            repeat_id = case when d.announced_at is null then d.repeat_id else coalesce(d.repeat_id, excluded.id) end,
            repeated_at = case when d.announced_at is null then d.repeated_at else now() end,
            conflicts = d.conflicts + coalesce((d.digest <> excluded.digest)::int, 0)
      returning id, event_id, digest`);
    const byEvent = new Map(stored.map((row) => [row.event_id ?? row.id, row]));
    return webhookEvents.map(({ id, eventId, digest }) => {
      const row = byEvent.get(eventId ?? id);
      if (row?.id === id) return 'fresh';
      return row?.digest === digest ? 'repeated' : 'conflicting';
    });
  }

  async settleAll(teamId: string, orderIds: string[], readAt: Date, outcome: 'applied' | 'unchanged'): Promise<number> {
    if (orderIds.length === 0) return 0;
    return this.database.affected(sql`
      update integrations.inbound_event set outcome = ${outcome}, failure = null
      where team_id = ${teamId} and order_id = any(${orderIds}::uuid[]) and received_at <= ${readAt}
        and (outcome is null or outcome = 'failed')`);
  }

  async fail(teamId: string, orderId: string, failure: string): Promise<void> {
    await this.database.affected(sql`
      update integrations.inbound_event set outcome = 'failed', failure = ${failure}
      where team_id = ${teamId} and order_id = ${orderId} and outcome is null`);
  }

  async reopen(teamId: string, vendor: string, id: string): Promise<string | null> {
    const row = await this.database.first(sql<{ order_id: string }>`
      update integrations.inbound_event d set outcome = null, failure = null
      where team_id = ${teamId} and (id = ${id} or repeat_id = ${id}) and not exists (
        select from integrations.connection c where c.team_id = d.team_id and c.id = d.connection_id and c.vendor <> ${vendor})
      returning order_id`);
    return row?.order_id ?? null;
  }
}
