import type { Id } from '#kernel/id';
import type { Team } from './team.js';
import type { User } from './user.js';

export abstract class Teams {
  abstract add(team: Team): Promise<void>;
}

/** The users of all teams. Saving one also updates the sign-in directory. */
export abstract class Users {
  abstract find(teamId: string, userId: Id): Promise<User | null>;
  /** Throws `already_taken` when another user of the team has the e-mail address or external id. */
  abstract add(user: User): Promise<void>;
  /** Like `add`, for an existing user. */
  abstract save(user: User): Promise<void>;
  /** Locks the team's users until the transaction ends, so that two admins cannot remove each other. */
  abstract lockTeam(teamId: string): Promise<void>;
  abstract hasOtherAdmin(teamId: string, userId: string): Promise<boolean>;
  /** Removes every link of the team's users to that candidate. */
  abstract unlinkCandidate(teamId: string, candidateId: Id): Promise<void>;
}

/**
 * Answers whether all ids are candidates of the team and none is anonymised. Another context owns candidates; access only links
 * users to them.
 */
export abstract class Candidates {
  abstract areAll(teamId: string, candidateIds: readonly string[]): Promise<boolean>;
}
