import type { AccessLevel } from '#kernel/caller';
import type { Id } from '#kernel/id';
import type { Scope } from '#kernel/scopes';

/** The most accounts of a team, and the most keys of an account that have not expired. Two keys are enough to replace one. */
export const mostAccounts = 50;
export const mostKeys = 5;

/** A client of the identity provider that signs in by itself (`client_credentials`). Its id is unique at the issuer. */
export interface MachineClient {
  issuer: string;
  clientId: string;
}

/** What an admin enters about a service account. */
export interface ServiceAccountDetails {
  name: string;
  accessLevel: AccessLevel;
  scopes: Scope[];
  client: MachineClient | null;
  disabled: boolean;
}

/**
 * A program of the customer. It has rights like a user, narrowed by scopes, and no sign-in but its keys and its client's tokens.
 * `stewardIds`: who made or changed it, or made a key. It never shows them the checks of the candidates that they are.
 */
export class ServiceAccount {
  updatedAt: Date;
  deletedAt: Date | null = null;
  version = 1;

  constructor(
    readonly teamId: string,
    readonly id: Id,
    public name: string,
    public accessLevel: AccessLevel,
    public scopes: Scope[],
    public clientIssuer: string | null,
    public clientId: string | null,
    public disabled: boolean,
    public stewardIds: Id[],
    readonly createdAt: Date,
  ) {
    this.updatedAt = createdAt;
  }

  change({ client, ...changes }: Partial<ServiceAccountDetails>, by: Id, now: Date): void {
    Object.assign(this, changes);
    if (client !== undefined) this.link(client);
    this.handledBy(by);
    this.updatedAt = now;
  }

  /** Its name stays, because what it did stays. */
  delete(now: Date): void {
    this.deletedAt = now;
    this.updatedAt = now;
    this.disabled = true;
    this.link(null);
  }

  handledBy(userId: Id): void {
    if (!this.stewardIds.includes(userId)) this.stewardIds = [...this.stewardIds, userId];
  }

  private link(client: MachineClient | null): void {
    this.clientIssuer = client?.issuer ?? null;
    this.clientId = client?.clientId ?? null;
  }
}

/**
 * Details as the audit log stores them, under the API's field names. An entry can never be changed, and people write what they like
 * into a name, so names and client ids are only listed as changed.
 */
export function accountFields(details: Partial<ServiceAccountDetails>): Record<string, unknown> {
  const { name, client, accessLevel, scopes, disabled } = details;
  const stated = { access_level: accessLevel, scopes, disabled };
  const changed = [...(client === undefined ? [] : ['client_id']), ...(name === undefined ? [] : ['name'])];
  return {
    ...Object.fromEntries(Object.entries(stated).filter(([, value]) => value !== undefined)),
    ...(changed.length > 0 ? { changed } : {}),
  };
}
