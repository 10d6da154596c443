import type { Id } from '#kernel/id';

/** What others may ask of access: names of users, for showing who did something, and whether a user exists. */

/** How to read a user in SQL from a view: `access.pub_user (team_id, id, name)`. */
export const userView = 'access.pub_user';

/** The names of users of one team; unknown ids are missing from the map. */
export class NameUsers {
  constructor(
    readonly teamId: string,
    readonly userIds: Id[],
  ) {}
}
export type UserNames = Map<Id, string>;

/** Query: is any user of the team linked to that candidate? */
export class IsAnyoneLinked {
  constructor(
    readonly teamId: string,
    readonly candidateId: Id,
  ) {}
}

/**
 * Command: a candidate was anonymised, and no user may go on naming them. To be sent once nothing tells any more how their checks
 * ended: until then the link keeps the person from reading it.
 */
export class UnlinkCandidate {
  constructor(
    readonly teamId: string,
    readonly candidateId: Id,
  ) {}
}

/** A user was erased: nothing may be kept that names them, and what they were granted is void. Their id stays. */
export class UserErased {
  static readonly wireName = 'access.user-erased.v1';
  constructor(
    readonly teamId: string,
    readonly userId: Id,
  ) {}
}
