import type { AccessLevel } from '#kernel/caller';
import type { Id } from '#kernel/id';

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
    Object.assign(this, changes);
    this.updatedAt = now;
  }

  /** Whether those who signed in as this person before may not be the same person any more, or may not sign in. */
  signsInOtherwiseThan(before: UserDetails): boolean {
    return this.disabled || this.externalId !== before.externalId;
  }

  /** Whether this person could still let others in. */
  administers(): boolean {
    return this.accessLevel === 'admin' && !this.disabled;
  }
}

const words: Record<keyof UserDetails, string> = {
  name: 'name',
  email: 'email',
  externalId: 'external_id',
  accessLevel: 'access_level',
  disabled: 'disabled',
  linkedCandidateIds: 'linked_candidate_ids',
};

/** Details under the names that callers know them by, as the audit log keeps them. */
export const inContractWords = (details: Partial<UserDetails>): Record<string, unknown> =>
  Object.fromEntries(Object.entries(details).map(([field, value]) => [words[field as keyof UserDetails], value]));
