import { type IQueryHandler, QueryHandler } from '@nestjs/cqrs';
import { sql } from 'kysely';
import { Database } from '#platform/database/database';
import { IsAnyoneLinked } from '../contract.js';

@QueryHandler(IsAnyoneLinked)
export class IsAnyoneLinkedHandler implements IQueryHandler<IsAnyoneLinked, boolean> {
  constructor(private readonly database: Database) {}

  async execute({ teamId, candidateId }: IsAnyoneLinked): Promise<boolean> {
    const linked = await this.database.first(sql`
      select 1 from access.user_account where team_id = ${teamId} and ${candidateId}::uuid = any(linked_candidate_ids) limit 1`);
    return linked !== null;
  }
}
