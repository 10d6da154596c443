import { Injectable } from '@nestjs/common';
import { sql } from 'kysely';
import type { Id } from '#kernel/id';
import { type Located, SubjectLocator } from '#platform/auth/ports';
import { Database } from '#platform/database/database';

/** A webhook endpoint belongs to its team. */
@Injectable()
export class EndpointLocator extends SubjectLocator {
  readonly subject = 'webhook_endpoint';
  readonly fields = [];

  constructor(private readonly database: Database) {
    super();
  }

  async locate(teamId: string, id: Id): Promise<Located | null> {
    const endpoint = await this.database.first(sql`
      select 1 from webhook_endpoints.endpoint where team_id = ${teamId} and id = ${id} and deleted_at is null`);
    return endpoint ? { jobIds: [], teamWide: true } : null;
  }
}
