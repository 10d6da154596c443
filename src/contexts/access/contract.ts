import type { AccessLevel } from '#kernel/caller';
import type { Id } from '#kernel/id';

/** What other contexts may ask of access: the names of users, to show who did something, and the links to candidates. */

/** Who did something: a person, or a program of the customer. */
export const actorKinds = ['user', 'service_account'] as const;
export type ActorKind = (typeof actorKinds)[number];

/** The users and service accounts for SQL in other contexts' `views/`: `access.pub_user (team_id, id, name, kind)`. */
export const userView = 'access.pub_user';

/** Query: the names of users and service accounts of one team. Unknown ids are missing from the map. */
export class NameUsers {
  constructor(
    readonly teamId: string,
    readonly userIds: Id[],
  ) {}
}
export type UserNames = Map<Id, string>;

/** Query: one user of the team, also a disabled or erased one. Null when unknown in that team, and for a service account. */
export class FindUser {
  constructor(
    readonly teamId: string,
    readonly userId: Id,
  ) {}
}
export interface UserFacts {
  id: Id;
  name: string;
  level: AccessLevel;
  /** False once they are disabled or erased: they cannot sign in. */
  active: boolean;
}

/** Query: is any user of the team linked to that candidate? */
export class IsAnyoneLinked {
  constructor(
    readonly teamId: string,
    readonly candidateId: Id,
  ) {}
}

/**
 * Command: a candidate was anonymised, so every link to them is removed. Send it after their checks are erased: until then the
 * link keeps the person from reading their own checks.
 */
export class UnlinkCandidate {
  constructor(
    readonly teamId: string,
    readonly candidateId: Id,
  ) {}
}

/** A user was erased. Handlers remove everything that names them, and what they were granted. Their id stays. */
export class UserErased {
  static readonly wireName = 'access.user-erased.v1';
  constructor(
    readonly teamId: string,
    readonly userId: Id,
  ) {}
}

/** A service account was deleted. Handlers remove what it was granted. Its id stays. */
export class ServiceAccountDeleted {
  static readonly wireName = 'access.service-account-deleted.v1';
  constructor(
    readonly teamId: string,
    readonly accountId: Id,
  ) {}
}
