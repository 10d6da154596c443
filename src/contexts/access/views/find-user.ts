import { type IQueryHandler, QueryHandler } from '@nestjs/cqrs';
import { sql } from 'kysely';
import { Database } from '#platform/database/database';
import { FindUser, type UserFacts } from '../contract.js';

@QueryHandler(FindUser)
export class FindUserHandler implements IQueryHandler<FindUser, UserFacts | null> {
  constructor(private readonly database: Database) {}

  execute({ teamId, userId }: FindUser): Promise<UserFacts | null> {
    return this.database.first(sql<UserFacts>`
      select id, name, access_level as level, not disabled and erased_at is null as active
      from access.user_account
      where team_id = ${teamId} and id = ${userId}`);
  }
}
