import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import type { Caller } from '#kernel/caller';
import { unknownReference } from '#kernel/errors';
import type { Id } from '#kernel/id';
import { Audit, Clock, UnitOfWork } from '#kernel/ports';
import { Candidates, Users } from '../domain/ports.js';
import { inContractWords, User, type UserDetails } from '../domain/user.js';

/** Lets somebody into the caller's team. */
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
    private readonly audit: Audit,
    private readonly clock: Clock,
  ) {}

  async execute({ caller, userId, details }: AddUser): Promise<void> {
    caller.require('administer_team');
    const { name, email, externalId, accessLevel, disabled, linkedCandidateIds } = details;
    await this.unitOfWork.run(async () => {
      if (!(await this.candidates.areAll(caller.teamId, linkedCandidateIds))) {
        throw unknownReference('linked_candidate_ids');
      }
      const now = this.clock.now();
      await this.users.add(
        new User(caller.teamId, userId, name, email, externalId, accessLevel, disabled, linkedCandidateIds, now),
      );
      await this.audit.record(caller, {
        action: 'user.create',
        entity: 'user',
        entityId: userId,
        to: inContractWords(details),
      });
    });
  }
}
