import { Injectable } from '@nestjs/common';
import { sql } from 'kysely';
import type { Id } from '#kernel/id';
import { type Located, SubjectLocator } from '#platform/auth/ports';
import { Database } from '#platform/database/database';

/** An inbound event belongs to its team. The line of a repeated event counts as one, too. */
@Injectable()
export class InboundEventLocator extends SubjectLocator {
  readonly subject = 'delivery';
  readonly fields = [];

  constructor(private readonly database: Database) {
    super();
  }

  async locate(teamId: string, id: Id): Promise<Located | null> {
    const inboundEvent = await this.database.first(sql`
      select 1 from integrations.inbound_event where team_id = ${teamId} and (id = ${id} or repeat_id = ${id})`);
    return inboundEvent ? { jobIds: [], teamWide: true } : null;
  }
}
