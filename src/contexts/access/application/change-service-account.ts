import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import type { Caller } from '#kernel/caller';
import { notFound } from '#kernel/errors';
import type { Id } from '#kernel/id';
import { Audit, Clock, Outbox, UnitOfWork } from '#kernel/ports';
import { ServiceAccountDeleted } from '../contract.js';
import { accountFields, type ServiceAccountDetails } from '../domain/service-account.js';
import { ServiceAccounts } from '../domain/service-accounts.js';

/** Changes a service account. The change takes effect at its next request, and at once in its open streams. */
export class ChangeServiceAccount {
  constructor(
    readonly caller: Caller,
    readonly accountId: Id,
    readonly changes: Partial<ServiceAccountDetails>,
  ) {}
}

@CommandHandler(ChangeServiceAccount)
export class ChangeServiceAccountHandler implements ICommandHandler<ChangeServiceAccount, void> {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly accounts: ServiceAccounts,
    private readonly audit: Audit,
    private readonly clock: Clock,
  ) {}

  async execute({ caller, accountId, changes }: ChangeServiceAccount): Promise<void> {
    caller.require('administer_team');
    await this.unitOfWork.run(async () => {
      const account = await this.accounts.find(caller.teamId, accountId);
      if (!account) throw notFound();
      const { accessLevel, scopes, disabled } = account;
      const before = accountFields({ accessLevel, scopes, disabled });
      account.change(changes, caller.user.id, this.clock.now());
      await this.accounts.save(account);
      const to = accountFields(changes);
      const from = Object.fromEntries(Object.entries(before).filter(([field]) => field in to));
      const entry = { action: 'service_account.update', entity: 'service_account', entityId: accountId };
      await this.audit.record(caller, { ...entry, from, to });
    });
  }
}

/** Deletes a service account with its keys and its job permissions. Its name stays where it did something. */
export class DeleteServiceAccount {
  constructor(
    readonly caller: Caller,
    readonly accountId: Id,
  ) {}
}

@CommandHandler(DeleteServiceAccount)
export class DeleteServiceAccountHandler implements ICommandHandler<DeleteServiceAccount, void> {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly accounts: ServiceAccounts,
    private readonly audit: Audit,
    private readonly outbox: Outbox,
    private readonly clock: Clock,
  ) {}

  async execute({ caller, accountId }: DeleteServiceAccount): Promise<void> {
    caller.require('administer_team');
    const { teamId } = caller;
    await this.unitOfWork.run(async () => {
      const account = await this.accounts.find(teamId, accountId);
      if (!account) throw notFound();
      account.delete(this.clock.now());
      await this.accounts.save(account);
      const entry = { action: 'service_account.delete', entity: 'service_account', entityId: accountId };
      await this.audit.record(caller, entry);
      await this.outbox.publish([new ServiceAccountDeleted(teamId, accountId)]);
    });
  }
}
