import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import type { Caller } from '#kernel/caller';
import { notFound, unknownReference } from '#kernel/errors';
import type { Id } from '#kernel/id';
import { Clock, UnitOfWork } from '#kernel/ports';
import { lastAdmin } from '../domain/errors.js';
import { mustBeAllowedToChange } from '../domain/links.js';
import { Candidates, Users } from '../domain/ports.js';
import { Sessions } from '../domain/sessions.js';
import type { User, UserDetails } from '../domain/user.js';
import { UserAudit } from './user-audit.js';

/** Changes a user's details. The change takes effect at the user's next request. */
export class ChangeUser {
  constructor(
    readonly caller: Caller,
    readonly userId: Id,
    readonly changes: Partial<UserDetails>,
  ) {}
}

@CommandHandler(ChangeUser)
export class ChangeUserHandler implements ICommandHandler<ChangeUser, void> {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly users: Users,
    private readonly candidates: Candidates,
    private readonly sessions: Sessions,
    private readonly audit: UserAudit,
    private readonly clock: Clock,
  ) {}

  async execute({ caller, userId, changes }: ChangeUser): Promise<void> {
    caller.require('administer_team');
    await this.unitOfWork.run(async () => {
      await this.users.lockTeam(caller.teamId);
      const user = await this.users.find(caller.teamId, userId);
      if (!user) throw notFound();
      mustBeAllowedToChange(caller.user.id, user, changes);
      if (!(await this.candidates.areAll(caller.teamId, changes.linkedCandidateIds ?? []))) {
        throw unknownReference('linked_candidate_ids');
      }
      await this.apply(caller, user, changes);
    });
  }

  private async apply(caller: Caller, user: User, changes: Partial<UserDetails>): Promise<void> {
    const before = { details: user.details(), administered: user.administers() };
    user.change(changes, this.clock.now());
    if (before.administered && !user.administers() && !(await this.users.hasOtherAdmin(user.teamId, user.id))) {
      throw lastAdmin();
    }
    await this.users.save(user);
    if (user.mustSignInAgain(before.details)) await this.sessions.endAllOf({ teamId: user.teamId, userId: user.id });
    await this.audit.changed(caller, user, changes, before);
  }
}
