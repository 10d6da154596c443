import type { SignedInUser } from '#kernel/caller';
import type { Id } from '#kernel/id';
import type { Clock } from '#kernel/ports';
import { ApiKeys, type LiveKey, type Origin } from '#platform/auth/ports';
import { hashOfKey, newApiKey } from '../../../src/contexts/access/adapters/identity/api-key.js';
import { badKey, clientAlreadyLinked } from '../../../src/contexts/access/domain/errors.js';
import { type MachineClient, ServiceAccount } from '../../../src/contexts/access/domain/service-account.js';
import {
  type IssuedKey,
  type LinkedAccount,
  MachineDirectory,
  type NewKey,
  ServiceAccounts,
} from '../../../src/contexts/access/domain/service-accounts.js';
import { copyOf, FakeTable } from '../fake-store.js';
import type { AccessTables } from './fake-users.js';

type AccountRow = Omit<ServiceAccount, 'change' | 'delete' | 'handledBy' | 'link'>;

interface KeyRow {
  id: Id;
  teamId: string;
  accountId: Id;
  key: string;
  expiresAt: Date;
}

/** The tables of service accounts, in memory. */
export class MachineTables {
  readonly accounts: FakeTable<AccountRow>;
  readonly keys: FakeTable<KeyRow>;
  readonly uses: FakeTable<{ at: Date }>;

  constructor(readonly access: AccessTables) {
    this.accounts = new FakeTable(access.store);
    this.keys = new FakeTable(access.store);
    this.uses = new FakeTable(access.store);
  }

  signedIn({ teamId, id, name, accessLevel: level, scopes, stewardIds }: AccountRow): SignedInUser {
    const links = stewardIds.flatMap((userId) => this.access.users.get(userId)?.linkedCandidateIds ?? []);
    return { teamId, id, name, level, scopes, ownCandidateIds: [...new Set(links)] };
  }
}

/** Passes the suite of `ServiceAccounts`. */
export class FakeServiceAccounts extends ServiceAccounts {
  constructor(
    private readonly tables: MachineTables,
    private readonly clock: Clock,
  ) {
    super();
  }

  async find(teamId: string, id: Id): Promise<ServiceAccount | null> {
    const row = this.tables.accounts.get(id);
    if (row?.teamId !== teamId || row.deletedAt) return null;
    const { name, accessLevel, scopes, clientIssuer, clientId, disabled, stewardIds, createdAt } = row;
    const facts = [name, accessLevel, scopes, clientIssuer, clientId, disabled, stewardIds, createdAt] as const;
    return Object.assign(new ServiceAccount(teamId, id, ...facts), row);
  }

  async countOf(teamId: string): Promise<number> {
    return this.tables.accounts.where((row) => row.teamId === teamId && !row.deletedAt).length;
  }

  async add(account: ServiceAccount): Promise<void> {
    await this.save(account);
  }

  async save(account: ServiceAccount): Promise<void> {
    const { teamId, id, clientId, clientIssuer } = account;
    const isSame = (row: AccountRow): boolean => row.clientId === clientId && row.clientIssuer === clientIssuer;
    const others = this.tables.accounts.where((row) => row.teamId === teamId && row.id !== id);
    if (clientId !== null && others.some(isSame)) throw clientAlreadyLinked();
    this.tables.accounts.set(id, copyOf({ ...account }));
    if (account.deletedAt) this.tables.keys.deleteWhere((row) => row.accountId === id);
  }

  async countKeys({ id }: ServiceAccount): Promise<number> {
    return this.tables.keys.where((row) => row.accountId === id && row.expiresAt > this.clock.now()).length;
  }

  async issueKey({ teamId, id: accountId }: ServiceAccount, { id, expiresInDays }: NewKey): Promise<IssuedKey> {
    const key = newApiKey();
    const expiresAt = new Date(this.clock.now().getTime() + expiresInDays * 24 * 3600 * 1000);
    this.tables.keys.set(id, { id, teamId, accountId, key, expiresAt });
    return { key, last4: key.slice(-4), expiresAt };
  }

  async revokeKey({ id: accountId }: ServiceAccount, keyId: Id): Promise<boolean> {
    if (this.tables.keys.get(keyId)?.accountId !== accountId) return false;
    this.tables.keys.delete(keyId);
    return true;
  }
}

/** Passes the suite of `ApiKeys`. */
export class FakeApiKeys extends ApiKeys {
  constructor(
    private readonly tables: MachineTables,
    private readonly clock: Clock,
  ) {
    super();
  }

  async authenticate(key: string, { teamId }: Origin): Promise<LiveKey> {
    const [row] = hashOfKey(key) ? this.tables.keys.where((one) => one.key === key) : [];
    const account = row && this.tables.accounts.get(row.accountId);
    const isOver = !row || row.expiresAt <= this.clock.now() || (teamId !== null && teamId !== row.teamId);
    if (isOver || !account || account.disabled || account.deletedAt) throw badKey();
    return { account: this.tables.signedIn(account), endsAt: row.expiresAt };
  }
}

/** Passes the suite of `MachineDirectory`. */
export class FakeMachineDirectory extends MachineDirectory {
  constructor(
    private readonly tables: MachineTables,
    private readonly clock: Clock,
  ) {
    super();
  }

  async linkedTo({ issuer, clientId }: MachineClient): Promise<LinkedAccount[]> {
    const rows = this.tables.accounts.where((row) => row.clientIssuer === issuer && row.clientId === clientId);
    return rows
      .filter(({ deletedAt }) => !deletedAt)
      .map((row) => ({
        account: row.disabled ? null : this.tables.signedIn(row),
        teamId: row.teamId,
        teamName: this.tables.access.teams.get(row.teamId)?.name ?? '',
        isUseDue: this.isUseDue(row.id),
      }));
  }

  async noteUse({ id }: SignedInUser): Promise<void> {
    this.tables.uses.set(id, { at: this.clock.now() });
  }

  private isUseDue(id: Id): boolean {
    const last = this.tables.uses.get(id)?.at;
    return !last || this.clock.now().getTime() - last.getTime() > 60_000;
  }
}
