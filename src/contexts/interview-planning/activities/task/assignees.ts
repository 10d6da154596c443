import { Injectable } from '@nestjs/common';
import { QueryBus } from '@nestjs/cqrs';
import { FindUser, NameUsers, type UserFacts, type UserNames } from '#contexts/access';
import { Caller } from '#kernel/caller';
import type { Id } from '#kernel/id';
import { JobScopes } from '#platform/auth/ports';

/** Whom a task may be assigned to. */
export abstract class Assignees {
  /** `unavailable`: a user of the team who is disabled, erased or does not see the job. */
  abstract find(teamId: string, jobId: Id, userId: Id): Promise<'assignable' | 'unavailable' | 'unknown'>;
  /** Also of users who were disabled or erased since. */
  abstract names(teamId: string, userIds: readonly Id[]): Promise<ReadonlyMap<Id, string>>;
}

@Injectable()
export class TeamAssignees extends Assignees {
  constructor(
    private readonly queries: QueryBus,
    private readonly jobScopes: JobScopes,
  ) {
    super();
  }

  async find(teamId: string, jobId: Id, userId: Id): Promise<'assignable' | 'unavailable' | 'unknown'> {
    const user = await this.queries.execute<FindUser, UserFacts | null>(new FindUser(teamId, userId));
    if (!user) return 'unknown';
    if (!user.active) return 'unavailable';
    const { id, name, level } = user;
    const assignee = { teamId, id, name, level, ownCandidateIds: [] };
    const sees = Caller.from(assignee, await this.jobScopes.of(assignee)).sees(jobId);
    return sees ? 'assignable' : 'unavailable';
  }

  names(teamId: string, userIds: readonly Id[]): Promise<UserNames> {
    return this.queries.execute<NameUsers, UserNames>(new NameUsers(teamId, [...userIds]));
  }
}
