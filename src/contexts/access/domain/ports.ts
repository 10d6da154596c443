import type { Id } from '#kernel/id';
import type { Team } from './team.js';
import type { User } from './user.js';

export abstract class Teams {
  abstract add(team: Team): Promise<void>;
}

/** Keeps people and, with them, the directory in which sign-in finds them. */
export abstract class Users {
  abstract find(teamId: string, userId: Id): Promise<User | null>;
  /** Refuses (`already_taken`) an e-mail or external id that somebody else in the same team has. */
  abstract add(user: User): Promise<void>;
  /** As `add`, for somebody who is there already. */
  abstract save(user: User): Promise<void>;
  /** Holds the team's changes of users back until the transaction ends: two admins cannot remove each other. */
  abstract lockTeam(teamId: string): Promise<void>;
  abstract hasOtherAdmin(teamId: string, userId: string): Promise<boolean>;
  /** No user of the team is linked to that candidate any more. */
  abstract unlinkCandidate(teamId: string, candidateId: Id): Promise<void>;
}

/** Which ids are candidates of the team, and not anonymised. Candidates are others' business; a user may be linked to their own record. */
export abstract class Candidates {
  abstract areAll(teamId: string, candidateIds: readonly string[]): Promise<boolean>;
}
