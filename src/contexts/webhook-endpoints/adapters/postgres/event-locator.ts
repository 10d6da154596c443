import { Injectable } from '@nestjs/common';
import { sql } from 'kysely';
import type { Id } from '#kernel/id';
import { type Located, SubjectLocator } from '#platform/auth/ports';
import { Database } from '#platform/database/database';

/** An event that was or will be sent to other systems belongs to its team. */
@Injectable()
export class EventLocator extends SubjectLocator {
  readonly subject = 'event';
  readonly fields = ['event_id'];

  constructor(private readonly database: Database) {
    super();
  }

  async locate(teamId: string, id: Id): Promise<Located | null> {
    const event = await this.database.first(
      sql`select 1 from webhook_endpoints.event where team_id = ${teamId} and id = ${id}`,
    );
    return event ? { jobIds: [], teamWide: true } : null;
  }
}
