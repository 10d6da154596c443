import type { SignedInUser } from '#kernel/caller';
import type { Id } from '#kernel/id';
import type { Scope } from '#kernel/scopes';
import { chooseTeam, notSignedIn } from './errors.js';
import type { MachineClient, ServiceAccount } from './service-account.js';

export interface NewKey {
  id: Id;
  expiresInDays: number;
}

/** `key` cannot be read again: only its hash is stored. */
export interface IssuedKey {
  key: string;
  last4: string;
  expiresAt: Date;
}

/**
 * The service accounts of all teams, and their keys. What ends an account, a key or a right takes effect at the next request on
 * every replica; open streams of the account check their rights when it is committed.
 */
export abstract class ServiceAccounts {
  /** null: unknown in the team, or deleted. */
  abstract find(teamId: string, id: Id): Promise<ServiceAccount | null>;
  /** How many the team has that are not deleted. */
  abstract countOf(teamId: string): Promise<number>;
  /** Throws `already_taken` when another account of the team is linked to the same client. */
  abstract add(account: ServiceAccount): Promise<void>;
  /** Like `add`, for an existing account. One that was deleted loses its keys. */
  abstract save(account: ServiceAccount): Promise<void>;
  /** How many keys have not expired. */
  abstract countKeys(account: ServiceAccount): Promise<number>;
  abstract issueKey(account: ServiceAccount, key: NewKey): Promise<IssuedKey>;
  /** false: the account has no such key. */
  abstract revokeKey(account: ServiceAccount, keyId: Id): Promise<boolean>;
}

/** An account that is linked to a client. */
export interface LinkedAccount {
  /** null: the account is disabled. */
  account: SignedInUser | null;
  teamId: string;
  teamName: string;
  /** Whether its last use was recorded long enough ago to record it again. */
  isUseDue: boolean;
}

/** Reads across teams: a token names a client before anyone knows the team. */
export abstract class MachineDirectory {
  /** The accounts of all teams that are linked to the client. */
  abstract linkedTo(client: MachineClient): Promise<LinkedAccount[]>;
  /** Records that the account was used now. */
  abstract noteUse(account: SignedInUser): Promise<void>;
}

/** What a verified token says about the client that it was given to, without a person. */
export interface VerifiedClient extends MachineClient {
  scopes: Scope[];
}

/**
 * The account as which a client's token acts. null: no team has linked the client. A team that links a client which another team has
 * linked already neither takes its requests over nor reads them: such a client names its team. Throws 401 for an account that is
 * disabled, 409 `choose_team`.
 */
export function accountOf(
  linked: readonly LinkedAccount[],
  teamId: string | null,
): { account: SignedInUser; isUseDue: boolean } | null {
  if (linked.length === 0) return null;
  const fitting = teamId === null ? linked : linked.filter((one) => one.teamId === teamId);
  const [only, another] = fitting;
  if (another) throw chooseTeam(linked);
  if (!only?.account) throw notSignedIn();
  return { account: only.account, isUseDue: only.isUseDue };
}

/** The account for a request whose token names these scopes: it has those that both have. */
export const narrowed = (account: SignedInUser, scopes: readonly Scope[]): SignedInUser => ({
  ...account,
  scopes: account.scopes?.filter((scope) => scopes.includes(scope)) ?? [],
});
