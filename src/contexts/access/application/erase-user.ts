import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import type { Caller } from '#kernel/caller';
import type { Id } from '#kernel/id';
import { notFound } from '#kernel/errors';
import { type Actor, Audit, Clock, Outbox, UnitOfWork } from '#kernel/ports';
import { UserErased } from '../contract.js';
import { lastAdmin, notOneself } from '../domain/errors.js';
import { Users } from '../domain/ports.js';
import { Sessions } from '../domain/sessions.js';

/**
 * An admin erases a former user: name, address, external id, links and sign-in are removed. What the user did stays under their
 * id. A second call changes nothing. Admins cannot erase themselves: another person must be accountable for the erasure.
 */
export class EraseUser {
  constructor(
    readonly caller: Caller,
    readonly userId: Id,
  ) {}
}

@CommandHandler(EraseUser)
export class EraseUserHandler implements ICommandHandler<EraseUser, void> {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly users: Users,
    private readonly sessions: Sessions,
    private readonly audit: Audit,
    private readonly outbox: Outbox,
    private readonly clock: Clock,
  ) {}

  async execute({ caller, userId }: EraseUser): Promise<void> {
    caller.require('administer_team');
    if (caller.user.id === userId) throw notOneself();
    await this.unitOfWork.run(async () => {
      await this.users.lockTeam(caller.teamId);
      if (!(await this.users.find(caller.teamId, userId))) throw notFound();
      if (!(await this.users.hasOtherAdmin(caller.teamId, userId))) throw lastAdmin();
      await this.erase(caller, userId, this.clock.now());
    });
  }

  /** Call it inside a unit of work. `false`: there is no such user, or they were erased before. `at`: when they were erased first. */
  async erase(actor: Actor, userId: Id, at: Date): Promise<boolean> {
    const user = await this.users.find(actor.teamId, userId);
    if (!user?.erase(at)) return false;
    await this.users.save(user);
    await this.sessions.endAllOf({ teamId: actor.teamId, userId });
    await this.audit.record(actor, { action: 'user.erase', entity: 'user', entityId: userId });
    await this.outbox.publish([new UserErased(actor.teamId, userId)]);
    return true;
  }
}
