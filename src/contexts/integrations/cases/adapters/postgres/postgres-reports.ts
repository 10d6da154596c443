import { Injectable } from '@nestjs/common';
import { sql } from 'kysely';
import { Database } from '#platform/database/database';
import { Reports } from '../../domain/vendor-cases.js';

@Injectable()
export class PostgresReports extends Reports {
  constructor(private readonly database: Database) {
    super();
  }

  async recent(teamId: string, orderId: string): Promise<string | null> {
    const row = await this.database.first(sql<{ report_id: string }>`
      select report_id from integrations.report
      where team_id = ${teamId} and order_id = ${orderId} and requested_at > now() - interval '10 minutes'`);
    return row?.report_id ?? null;
  }

  async remember(teamId: string, orderId: string, reportId: string): Promise<void> {
    await this.database.affected(sql`
      insert into integrations.report (team_id, order_id, report_id) values (${teamId}, ${orderId}, ${reportId})
      on conflict (team_id, order_id) do update set report_id = excluded.report_id, requested_at = now()`);
  }

  async forget(teamId: string, orderId: string): Promise<void> {
    await this.database.affected(sql`
      delete from integrations.report where team_id = ${teamId} and order_id = ${orderId}`);
  }
}
