import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import type { Caller } from '#kernel/caller';
import type { Id } from '#kernel/id';
import { Audit, Clock, UnitOfWork } from '#kernel/ports';
import { tooManyAccounts } from '../domain/errors.js';
import { Users } from '../domain/ports.js';
import { accountFields, mostAccounts, ServiceAccount, type ServiceAccountDetails } from '../domain/service-account.js';
import { ServiceAccounts } from '../domain/service-accounts.js';

/** Adds a service account to the caller's team. It can do nothing until it has a key or is linked to a client. */
export class AddServiceAccount {
  constructor(
    readonly caller: Caller,
    readonly accountId: Id,
    readonly details: ServiceAccountDetails,
  ) {}
}

@CommandHandler(AddServiceAccount)
export class AddServiceAccountHandler implements ICommandHandler<AddServiceAccount, void> {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly accounts: ServiceAccounts,
    private readonly users: Users,
    private readonly audit: Audit,
    private readonly clock: Clock,
  ) {}

  async execute({ caller, accountId, details }: AddServiceAccount): Promise<void> {
    caller.require('administer_team');
    const { teamId, user } = caller;
    const { name, accessLevel, scopes, client, disabled } = details;
    await this.unitOfWork.run(async () => {
      await this.users.lockTeam(teamId);
      if ((await this.accounts.countOf(teamId)) >= mostAccounts) throw tooManyAccounts(mostAccounts);
      const { issuer = null, clientId = null } = client ?? {};
      const rights = [accessLevel, scopes, issuer, clientId, disabled] as const;
      await this.accounts.add(new ServiceAccount(teamId, accountId, name, ...rights, [user.id], this.clock.now()));
      const entry = { action: 'service_account.create', entity: 'service_account', entityId: accountId };
      await this.audit.record(caller, { ...entry, to: accountFields(details) });
    });
  }
}
