import { Injectable } from '@nestjs/common';
import { sql } from 'kysely';
import type { Id } from '#kernel/id';
import { Database } from '#platform/database/database';
import type { DisabledReason, WebhookEndpoint } from '../../domain/webhook-endpoint.js';
import { WebhookEndpoints } from '../../domain/webhook-endpoints.js';

const columns = sql`
  team_id as "teamId", id, url, description, event_types as "eventTypes", include_results as "includeResults",
  include_names as "includeNames", secret, previous_secret as "previousSecret", previous_until as "previousUntil",
  disabled_at as "disabledAt", disabled_reason as "disabledReason", failing_since as "failingSince", created_by as "createdBy"`;

const asTime = (value: Date | string | null): Date | null => (value === null ? null : new Date(value));

const endpointOf = (row: WebhookEndpoint): WebhookEndpoint => ({
  ...row,
  previousUntil: asTime(row.previousUntil),
  disabledAt: asTime(row.disabledAt),
  failingSince: asTime(row.failingSince),
});

@Injectable()
export class PostgresWebhookEndpoints extends WebhookEndpoints {
  constructor(private readonly database: Database) {
    super();
  }

  async find(teamId: string, id: Id): Promise<WebhookEndpoint | null> {
    const row = await this.database.first(sql<WebhookEndpoint>`
      select ${columns} from webhook_endpoints.endpoint where team_id = ${teamId} and id = ${id} and deleted_at is null`);
    return row && endpointOf(row);
  }

  async lock(teamId: string, id: Id): Promise<WebhookEndpoint | null> {
    const row = await this.database.first(sql<WebhookEndpoint>`
      select ${columns} from webhook_endpoints.endpoint
      where team_id = ${teamId} and id = ${id} and deleted_at is null for update`);
    return row && endpointOf(row);
  }

  async ofTeam(teamId: string): Promise<WebhookEndpoint[]> {
    const rows = await this.database.rows(sql<WebhookEndpoint>`
      select ${columns} from webhook_endpoints.endpoint where team_id = ${teamId} and deleted_at is null order by id`);
    return rows.map(endpointOf);
  }

  async add(endpoint: WebhookEndpoint, most: number): Promise<boolean> {
    const { teamId, id, url, description, eventTypes, includeResults, includeNames, secret, createdBy } = endpoint;
    // Two that are added at the same time count each other.
    await this.database.rows(sql`select pg_advisory_xact_lock(hashtextextended(${`webhook-endpoints/${teamId}`}, 0))`);
    const added = await this.database.affected(sql`
      insert into webhook_endpoints.endpoint
        (team_id, id, url, description, event_types, include_results, include_names, secret, created_by)
      select ${teamId}, ${id}, ${url}, ${description}, ${eventTypes}::text[], ${includeResults}, ${includeNames}, ${secret},
             ${createdBy}
      where (select count(*) from webhook_endpoints.endpoint where team_id = ${teamId} and deleted_at is null) < ${most}`);
    return added === 1;
  }

  async save(endpoint: WebhookEndpoint): Promise<void> {
    const { teamId, id, url, description, eventTypes, includeResults, includeNames } = endpoint;
    await this.database.affected(sql`
      update webhook_endpoints.endpoint
      set url = ${url}, description = ${description}, event_types = ${eventTypes}::text[], include_results = ${includeResults},
          include_names = ${includeNames}, secret = ${endpoint.secret}, previous_secret = ${endpoint.previousSecret},
          previous_until = ${endpoint.previousUntil}, disabled_at = ${endpoint.disabledAt},
          disabled_reason = ${endpoint.disabledReason}, failing_since = ${endpoint.failingSince}, updated_at = now()
      where team_id = ${teamId} and id = ${id}`);
  }

  async remove(teamId: string, id: Id): Promise<void> {
    await this.database.affected(sql`
      update webhook_endpoints.endpoint
      set deleted_at = now(), secret = null, previous_secret = null, previous_until = null, updated_at = now()
      where team_id = ${teamId} and id = ${id}`);
  }

  async noteSuccess(teamId: string, id: Id): Promise<void> {
    await this.database.affected(sql`
      update webhook_endpoints.endpoint set failing_since = null
      where team_id = ${teamId} and id = ${id} and failing_since is not null`);
  }

  async noteFailure(teamId: string, id: Id): Promise<Date> {
    await this.database.affected(sql`
      update webhook_endpoints.endpoint set failing_since = now()
      where team_id = ${teamId} and id = ${id} and failing_since is null`);
    const row = await this.database.first(sql<{ since: Date | string }>`
      select coalesce(failing_since, now()) as since from webhook_endpoints.endpoint where team_id = ${teamId} and id = ${id}`);
    return row ? new Date(row.since) : new Date();
  }

  async disable(teamId: string, id: Id, reason: DisabledReason): Promise<boolean> {
    const disabled = await this.database.affected(sql`
      update webhook_endpoints.endpoint set disabled_at = now(), disabled_reason = ${reason}, updated_at = now()
      where team_id = ${teamId} and id = ${id} and disabled_at is null and deleted_at is null`);
    return disabled === 1;
  }
}
