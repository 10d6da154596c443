import { Injectable } from '@nestjs/common';
import { sql } from 'kysely';
import { type Thing, VersionedRow } from '#platform/versions/versioned-part';

/** What an admin set, and whether it is switched off. What its attempts write to the row is no new version. */
@Injectable()
export class EndpointVersion extends VersionedRow {
  readonly subject = 'webhook_endpoint';
  protected readonly table = 'webhook_endpoints.endpoint';
  protected readonly actions = ['webhook_endpoint.create', 'webhook_endpoint.update'];

  override state({ teamId, key }: Thing): Promise<unknown> {
    return this.database.first(sql`
      select url, description, event_types, include_results, include_names, disabled_at::text, disabled_reason
      from webhook_endpoints.endpoint where team_id = ${teamId} and id = ${key} and deleted_at is null`);
  }
}
