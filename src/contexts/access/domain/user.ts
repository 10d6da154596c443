import type { AccessLevel } from '#kernel/caller';
import type { Id } from '#kernel/id';
import { userErased } from './errors.js';

/** What an admin says about a person. */
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
  /** From then on nothing names them, and they sign in no more. */
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

  /** Whether those who signed in as this person before may not be the same person any more, or may not sign in. */
  signsInOtherwiseThan(before: UserDetails): boolean {
    return this.disabled || this.externalId !== before.externalId;
  }

  /** Forgets who it was, for good. False when that was done before. */
  erase(now: Date): boolean {
    if (this.erasedAt) return false;
    this.change(nobody, now);
    this.erasedAt = now;
    return true;
  }

  /** Whether this person could still let others in. */
  administers(): boolean {
    return this.accessLevel === 'admin' && !this.disabled;
  }
}

/** How an erased user is shown. */
const nobody: UserDetails = {
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
 * Details under the names that callers know them by, as the audit log keeps them: an entry can never be changed, so of what
 * names a person it says only that it was set (`changed`), and of links how many there are.
 */
export function inAuditWords({ linkedCandidateIds, ...details }: Partial<UserDetails>): Record<string, unknown> {
  const fields = Object.keys(details) as (keyof typeof details)[];
  const told = fields
    .filter((name) => !personal.includes(name))
    .map((name): [string, unknown] => [words[name], details[name]]);
  const changed = fields.filter((name) => personal.includes(name)).map((name) => words[name]);
  return {
    ...Object.fromEntries(told),
    ...(linkedCandidateIds ? { linked_candidates: linkedCandidateIds.length } : {}),
    ...(changed.length > 0 ? { changed: changed.toSorted() } : {}),
  };
}
