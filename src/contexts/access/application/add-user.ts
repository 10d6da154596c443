import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import type { Caller } from '#kernel/caller';
import { unknownReference } from '#kernel/errors';
import type { Id } from '#kernel/id';
import { Clock, UnitOfWork } from '#kernel/ports';
import { Candidates, Users } from '../domain/ports.js';
import { User, type UserDetails } from '../domain/user.js';
import { UserAudit } from './user-audit.js';

/** Adds a user to the caller's team. */
export class AddUser {
  constructor(
    readonly caller: Caller,
    readonly userId: Id,
    readonly details: UserDetails,
  ) {}
}

@CommandHandler(AddUser)
export class AddUserHandler implements ICommandHandler<AddUser, void> {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly users: Users,
    private readonly candidates: Candidates,
    private readonly audit: UserAudit,
    private readonly clock: Clock,
  ) {}

  async execute({ caller, userId, details }: AddUser): Promise<void> {
    caller.require('administer_team');
    const { name, email, externalId, accessLevel, disabled, linkedCandidateIds } = details;
    await this.unitOfWork.run(async () => {
      if (!(await this.candidates.areAll(caller.teamId, linkedCandidateIds))) {
        throw unknownReference('linked_candidate_ids');
      }
      const { teamId } = caller;
      const now = this.clock.now();
      const user = new User(teamId, userId, name, email, externalId, accessLevel, disabled, linkedCandidateIds, now);
      await this.users.add(user);
      await this.audit.added(caller, user);
    });
  }
}
