import { Injectable } from '@nestjs/common';
import type { Id } from '#kernel/id';
import { CommandBus, QueryBus } from '@nestjs/cqrs';
import { NameUsers, UnlinkCandidate, type UserNames } from '#contexts/access';
import { Colleagues } from '../../domain/ports.js';

@Injectable()
export class AccessColleagues extends Colleagues {
  constructor(
    private readonly queries: QueryBus,
    private readonly commands: CommandBus,
  ) {
    super();
  }

  async areAll(teamId: string, userIds: readonly Id[]): Promise<boolean> {
    const known = await this.queries.execute<NameUsers, UserNames>(new NameUsers(teamId, [...userIds]));
    return userIds.every((userId) => known.has(userId));
  }

  unlinkCandidate(teamId: string, candidateId: Id): Promise<boolean> {
    return this.commands.execute<UnlinkCandidate, boolean>(new UnlinkCandidate(teamId, candidateId));
  }
}
