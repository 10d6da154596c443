import { Injectable } from '@nestjs/common';
import type { Id } from '#kernel/id';
import { QueryBus } from '@nestjs/cqrs';
import { IsAnyoneLinked, NameUsers, type UserNames } from '#contexts/access';
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

  isOneOfThem(teamId: string, candidateId: Id): Promise<boolean> {
    return this.queries.execute<IsAnyoneLinked, boolean>(new IsAnyoneLinked(teamId, candidateId));
  }
}
