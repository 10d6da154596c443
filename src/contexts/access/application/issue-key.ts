import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import type { Caller } from '#kernel/caller';
import { notFound } from '#kernel/errors';
import type { Id } from '#kernel/id';
import { Audit, UnitOfWork } from '#kernel/ports';
import { tooManyKeys } from '../domain/errors.js';
import { Users } from '../domain/ports.js';
import { mostKeys } from '../domain/service-account.js';
import { type IssuedKey, ServiceAccounts } from '../domain/service-accounts.js';

/** Makes a key for a service account. `expiresInDays`: 1 to 365. */
export class IssueKey {
  constructor(
    readonly caller: Caller,
    readonly accountId: Id,
    readonly keyId: Id,
    readonly expiresInDays: number,
  ) {}
}

/** Returns the key. Nobody can read it again. */
@CommandHandler(IssueKey)
export class IssueKeyHandler implements ICommandHandler<IssueKey, IssuedKey> {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly accounts: ServiceAccounts,
    private readonly users: Users,
    private readonly audit: Audit,
  ) {}

  async execute({ caller, accountId, keyId, expiresInDays }: IssueKey): Promise<IssuedKey> {
    caller.require('administer_team');
    return this.unitOfWork.run(async () => {
      // Otherwise two requests could each make the last key that is allowed.
      await this.users.lockTeam(caller.teamId);
      const account = await this.accounts.find(caller.teamId, accountId);
      if (!account) throw notFound();
      if ((await this.accounts.countKeys(account)) >= mostKeys) throw tooManyKeys(mostKeys);
      account.handledBy(caller.user.id);
      await this.accounts.save(account);
      const issued = await this.accounts.issueKey(account, { id: keyId, expiresInDays });
      const to = { service_account_id: accountId, expires_at: issued.expiresAt.toISOString() };
      const entry = { action: 'service_account.key_create', entity: 'api_key', entityId: keyId };
      await this.audit.record(caller, { ...entry, to });
      return issued;
    });
  }
}

/** Ends a key at once. */
export class RevokeKey {
  constructor(
    readonly caller: Caller,
    readonly accountId: Id,
    readonly keyId: Id,
  ) {}
}

@CommandHandler(RevokeKey)
export class RevokeKeyHandler implements ICommandHandler<RevokeKey, void> {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly accounts: ServiceAccounts,
    private readonly audit: Audit,
  ) {}

  async execute({ caller, accountId, keyId }: RevokeKey): Promise<void> {
    caller.require('administer_team');
    await this.unitOfWork.run(async () => {
      const account = await this.accounts.find(caller.teamId, accountId);
      if (!account || !(await this.accounts.revokeKey(account, keyId))) throw notFound();
      const entry = { action: 'service_account.key_revoke', entity: 'api_key', entityId: keyId };
      await this.audit.record(caller, { ...entry, from: { service_account_id: accountId } });
    });
  }
}
