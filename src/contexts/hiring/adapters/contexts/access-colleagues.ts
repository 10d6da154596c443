import { Injectable } from '@nestjs/common';
import { QueryBus } from '@nestjs/cqrs';
import { NameUsers, type UserNames } from '#contexts/access';
import type { Id } from '#kernel/id';
import { Colleagues } from '../../domain/ports.js';

@Injectable()
export class AccessColleagues extends Colleagues {
  constructor(private readonly queries: QueryBus) {
    super();
  }

  async areAll(teamId: string, userIds: readonly Id[]): Promise<boolean> {
    const known = await this.queries.execute<NameUsers, UserNames>(new NameUsers(teamId, [...userIds]));
    return userIds.every((userId) => known.has(userId));
  }
}
