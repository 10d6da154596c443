import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import type { Caller } from '#kernel/caller';
import { invalidField, notFound, unknownReference } from '#kernel/errors';
import { grantsMoreThanHeld } from '../domain/errors.js';
import type { Id } from '#kernel/id';
import { Audit, UnitOfWork } from '#kernel/ports';
import { Colleagues, type Grant, JobPermissions, Jobs } from '../domain/ports.js';

/** Replaces all permissions on a job. */
export class ReplacePermissions {
  constructor(
    readonly caller: Caller,
    readonly jobId: Id,
    readonly grants: readonly Grant[],
  ) {}
}

@CommandHandler(ReplacePermissions)
export class ReplacePermissionsHandler implements ICommandHandler<ReplacePermissions, void> {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly jobs: Jobs,
    private readonly permissions: JobPermissions,
    private readonly colleagues: Colleagues,
    private readonly audit: Audit,
  ) {}

  async execute({ caller, jobId, grants }: ReplacePermissions): Promise<void> {
    caller.require('manage_job_permissions', jobId);
    const userIds = grants.map((grant) => grant.userId);
    if (new Set(userIds).size < userIds.length) {
      throw invalidField('user_id', 'invalid_request', 'Name each person only once.');
    }
    if (!(await this.colleagues.areAll(caller.teamId, userIds))) throw unknownReference('user_id');
    await this.unitOfWork.run(async () => {
      if (!(await this.jobs.find(caller.teamId, jobId))) throw notFound();
      const before = await this.permissions.of(caller.teamId, jobId);
      mustHoldWhatIsNew(caller, jobId, before, grants);
      await this.permissions.replace(caller.teamId, jobId, grants);
      await this.audit.record(caller, {
        action: 'permissions.replace',
        entity: 'job',
        entityId: jobId,
        from: { permissions: before.map(worded) },
        to: { permissions: grants.map(worded) },
      });
    });
  }
}

/** A user keeps permissions that they had before, even those that the caller may not grant. */
function mustHoldWhatIsNew(caller: Caller, jobId: Id, before: readonly Grant[], grants: readonly Grant[]): void {
  const had = new Map(before.map(({ userId, permissions }) => [userId, permissions]));
  for (const { userId, permissions } of grants) {
    const added = permissions.filter((permission) => !had.get(userId)?.includes(permission));
    if (!added.every((permission) => caller.mayGrant(permission, jobId))) throw grantsMoreThanHeld();
  }
}

const worded = ({ userId, permissions }: Grant) => ({ user_id: userId, permissions });
