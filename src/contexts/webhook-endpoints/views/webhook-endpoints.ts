import { Injectable } from '@nestjs/common';
import { sql } from 'kysely';
import type { Id } from '#kernel/id';
import { Database } from '#platform/database/database';
import { pageOf, sorted } from '#platform/database/list';
import { isoTime } from '#platform/database/times';
import type { Page, Paging } from '#platform/http/paging';
import type { SubscribableType } from '../contract.js';
import type { DisabledReason } from '../domain/webhook-endpoint.js';

export interface ShownEndpoint {
  id: string;
  url: string;
  description: string;
  event_types: SubscribableType[];
  include_results: boolean;
  include_names: boolean;
  disabled: boolean;
  disabled_at: string | null;
  disabled_reason: DisabledReason | null;
  failing_since: string | null;
  previous_secret_until: string | null;
  created_at: string;
  updated_at: string;
}

const columns = sql`
  id, url, description, event_types, include_results, include_names, disabled_at is not null as disabled, disabled_at,
  disabled_reason, failing_since, previous_until as previous_secret_until, created_at, updated_at`;

const shown = (row: ShownEndpoint): ShownEndpoint => ({
  ...row,
  disabled_at: isoTime(row.disabled_at),
  failing_since: isoTime(row.failing_since),
  previous_secret_until: isoTime(row.previous_secret_until),
  created_at: isoTime(row.created_at),
  updated_at: isoTime(row.updated_at),
});

/** A team's webhook endpoints, the oldest first. Their secrets are not among what is read. */
@Injectable()
export class WebhookEndpointsView {
  constructor(private readonly database: Database) {}

  list(teamId: string, paging: Paging): Promise<Page<ShownEndpoint>> {
    const found = sql`from webhook_endpoints.endpoint e where e.team_id = ${teamId} and e.deleted_at is null`;
    return pageOf(this.database, paging, { columns, found, order: sorted('asc', 'e.created_at', 'e.id'), shown });
  }

  async one(teamId: string, id: Id): Promise<ShownEndpoint | null> {
    const row = await this.database.first(sql<ShownEndpoint>`
      select ${columns} from webhook_endpoints.endpoint
      where team_id = ${teamId} and id = ${id} and deleted_at is null`);
    return row && shown(row);
  }
}
