import { type IQueryHandler, QueryHandler } from '@nestjs/cqrs';
import { sql } from 'kysely';
import { Database } from '#platform/database/database';
import { FindPlanItem, type PlanItemFacts } from '../contract.js';

@QueryHandler(FindPlanItem)
export class FindPlanItemHandler implements IQueryHandler<FindPlanItem> {
  constructor(private readonly database: Database) {}

  async execute({ teamId, itemId }: FindPlanItem): Promise<PlanItemFacts | null> {
    return this.database.first(sql<PlanItemFacts>`
      select id, job_id as "jobId", stage_id as "stageId", vendor, package_id as "packageId",
        package_name as "packageName", deleted_at is not null as deleted
      from interview_planning.pub_item
      where team_id = ${teamId} and id = ${itemId}`);
  }
}
