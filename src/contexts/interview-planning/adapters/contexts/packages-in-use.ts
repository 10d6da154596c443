import { type IQueryHandler, QueryHandler } from '@nestjs/cqrs';
import { sql } from 'kysely';
import { PackagesInUse } from '#contexts/integrations';
import { Database } from '#platform/database/database';

/** Answers integrations which packages a team's plans use, so that these stay visible after they are switched off. */
@QueryHandler(PackagesInUse)
export class PackagesInUseHandler implements IQueryHandler<PackagesInUse, string[]> {
  constructor(private readonly database: Database) {}

  async execute({ teamId, vendor }: PackagesInUse): Promise<string[]> {
    const rows = await this.database.rows(sql<{ package_id: string }>`
      select distinct package_id from interview_planning.pub_item
      where team_id = ${teamId} and vendor = ${vendor} and package_id is not null and deleted_at is null`);
    return rows.map((row) => row.package_id);
  }
}
