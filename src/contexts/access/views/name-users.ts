import { type IQueryHandler, QueryHandler } from '@nestjs/cqrs';
import { sql } from 'kysely';
import type { Id } from '#kernel/id';
import { Database } from '#platform/database/database';
import { NameUsers, type UserNames } from '../contract.js';

@QueryHandler(NameUsers)
export class NameUsersHandler implements IQueryHandler<NameUsers, UserNames> {
  constructor(private readonly database: Database) {}

  async execute({ teamId, userIds }: NameUsers): Promise<UserNames> {
    const rows = await this.database.rows(sql<{ id: Id; name: string }>`
      select id, name from access.pub_user
      where team_id = ${teamId} and id = any(${userIds}::uuid[])`);
    return new Map(rows.map(({ id, name }) => [id, name]));
  }
}
