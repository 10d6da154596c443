import type { AccessLevel } from '#kernel/caller';
import type { Id } from '#kernel/id';
import { userErased } from './errors.js';

/** What an admin enters about a user. */
export interface UserDetails {
  name: string;
  email: string;
  externalId: string | null;
  accessLevel: AccessLevel;
  disabled: boolean;
  linkedCandidateIds: Id[];
}

/** A person who may sign in, in exactly one team. */
export class User {
  updatedAt: Date;
  /** From then on no field names them, and they cannot sign in. */
  erasedAt: Date | null = null;
  version = 1;

  constructor(
    readonly teamId: string,
    readonly id: Id,
    public name: string,
    public email: string,
    public externalId: string | null,
    public accessLevel: AccessLevel,
    public disabled: boolean,
    public linkedCandidateIds: Id[],
    readonly createdAt: Date,
  ) {
    this.updatedAt = createdAt;
  }

  details(): UserDetails {
    const { name, email, externalId, accessLevel, disabled, linkedCandidateIds } = this;
    return { name, email, externalId, accessLevel, disabled, linkedCandidateIds };
  }

  change(changes: Partial<UserDetails>, now: Date): void {
    if (this.erasedAt) throw userErased();
    Object.assign(this, changes);
    this.updatedAt = now;
  }

  /** Whether their sessions must end: the user is disabled, or another person may sign in as this user now. */
  mustSignInAgain(before: UserDetails): boolean {
    return this.disabled || this.externalId !== before.externalId;
  }

  /** Erases the identifying fields permanently. False when they were erased before. */
  erase(now: Date): boolean {
    if (this.erasedAt) return false;
    this.change(formerUser, now);
    this.erasedAt = now;
    return true;
  }

  /** Whether this user can administer the team. */
  administers(): boolean {
    return this.accessLevel === 'admin' && !this.disabled;
  }
}

/** How an erased user is shown. */
const formerUser: UserDetails = {
  name: 'Former user',
  email: '',
  externalId: null,
  accessLevel: 'restricted',
  disabled: true,
  linkedCandidateIds: [],
};

const words: Record<keyof UserDetails, string> = {
  name: 'name',
  email: 'email',
  externalId: 'external_id',
  accessLevel: 'access_level',
  disabled: 'disabled',
  linkedCandidateIds: 'linked_candidate_ids',
};

const personal: readonly (keyof UserDetails)[] = ['name', 'email', 'externalId'];

/**
 * Details as the audit log stores them, under the API's field names. An entry can never be changed, so identifying fields are
 * only listed as `changed`, without values, and of links only the number is stored.
 */
export function auditFields({ linkedCandidateIds, ...details }: Partial<UserDetails>): Record<string, unknown> {
  const fields = Object.keys(details) as (keyof typeof details)[];
  const stated = fields
    .filter((name) => !personal.includes(name))
    .map((name): [string, unknown] => [words[name], details[name]]);
  const changed = fields.filter((name) => personal.includes(name)).map((name) => words[name]);
  return {
    ...Object.fromEntries(stated),
    ...(linkedCandidateIds ? { linked_candidates: linkedCandidateIds.length } : {}),
    ...(changed.length > 0 ? { changed: changed.toSorted() } : {}),
  };
}
