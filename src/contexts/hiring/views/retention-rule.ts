import { Injectable } from '@nestjs/common';
import { sql } from 'kysely';
import { Database } from '#platform/database/database';

/** For how many months a team keeps rejected candidates. Null means indefinitely. */
@Injectable()
export class RetentionRuleView {
  constructor(private readonly database: Database) {}

  async of(teamId: string): Promise<{ months: number | null }> {
    const rule = await this.database.first(sql<{ months: number | null }>`
      select months from hiring.retention_rule where team_id = ${teamId}`);
    return { months: rule?.months ?? null };
  }
}
