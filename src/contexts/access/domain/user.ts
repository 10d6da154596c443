import type { AccessLevel } from '#kernel/caller';

/** What an admin says about a person. */
export interface UserDetails {
  name: string;
  email: string;
  externalId: string | null;
  accessLevel: AccessLevel;
  disabled: boolean;
  linkedCandidateIds: string[];
}

/** A person who may sign in, in exactly one team. */
export class User {
  updatedAt: Date;
  version = 1;

  constructor(
    readonly teamId: string,
    readonly id: string,
    public name: string,
    public email: string,
    public externalId: string | null,
    public accessLevel: AccessLevel,
    public disabled: boolean,
    public linkedCandidateIds: string[],
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

  /** Whether this person could still let others in. */
  administers(): boolean {
    return this.accessLevel === 'admin' && !this.disabled;
  }
}
