import { Injectable } from '@nestjs/common';
import { sql } from 'kysely';
import { Database } from '#platform/database/database';
import { CallLog } from '../../domain/vendor-budget.js';

/** Writes past the aggregate and its version: recording a failure must not conflict with an admin who saves the connection. */
@Injectable()
export class PostgresCallLog extends CallLog {
  constructor(private readonly database: Database) {
    super();
  }

  async failed(teamId: string, connectionId: string, failure: { reason: string; message: string }): Promise<void> {
    const { reason, message } = failure;
    const noted = JSON.stringify({ reason, message, at: new Date().toISOString() });
    await this.database.affected(sql`
      update integrations.connection set last_error = ${noted}::jsonb
      where team_id = ${teamId} and id = ${connectionId}`);
  }
}
