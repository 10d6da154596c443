import { Injectable } from '@nestjs/common';
import { sql } from 'kysely';
import { Database } from '#platform/database/database';
import type { Connection } from '../../domain/connection.js';
import { LastInboundEvents } from '../../domain/last-inbound-events.js';

@Injectable()
export class PostgresLastInboundEvents extends LastInboundEvents {
  constructor(private readonly database: Database) {
    super();
  }

  async of({ teamId, id }: Connection): Promise<{ lastEventAt: Date | null }> {
    // Ids of inbound events sort by time, and the key starts with the team: the newest is found without reading the others.
    const row = await this.database.first(sql<{ received_at: Date | string }>`
      select d.received_at from integrations.delivery d
      where d.team_id = ${teamId} and d.connection_id = ${id} order by d.id desc limit 1`);
    return { lastEventAt: row ? new Date(row.received_at) : null };
  }
}
