import type { Id } from '#kernel/id';
import type { AccessLevel, JobPermission, JobScope } from '#kernel/caller';

export interface SignedInUser {
  teamId: string;
  id: Id;
  name: string;
  level: AccessLevel;
  ownCandidateIds: Id[];
}

/** What a request says besides its token. */
export interface Origin {
  /** The team the caller asks for (`X-Team-Id`): needed only by people whom several teams have listed. */
  teamId: string | null;
  ip: string;
}

/** Who stands behind a bearer token; throws 401 when there is none, 409 `choose_team`. Read again for each request. */
export abstract class Authenticator {
  abstract authenticate(bearer: string, origin: Origin): Promise<SignedInUser>;
}

export interface LiveSession {
  user: SignedInUser;
  /** When it ends by itself, however busy it is. */
  endsAt: Date;
  /** When the person last proved to the identity provider who they are. */
  authenticatedAt: Date;
}

/** Who stands behind a browser's session. */
export abstract class BrowserSessions {
  /**
   * Throws 401 `session_ended` when there is no such session any more. `keepAlive`: counts as use, so that the session does
   * not end for want of it.
   */
  abstract resume(token: string, options: { keepAlive: boolean }): Promise<LiveSession>;
}

/** Postgres tells every replica on this channel, with the id of a user, that a sign-in of theirs may have ended. */
export const signInEndedChannel = 'sign_in_ended';

/** Which jobs a user sees, and what they were granted on single jobs. */
export abstract class JobScopes {
  abstract of(user: SignedInUser): Promise<{ scope: JobScope; grants: Map<Id, JobPermission[]> }>;
}

/** Where a thing in a path belongs, so that the guard can say 404 or 403 before the body is looked at. */
export interface Located {
  /** Jobs through which it may be seen; empty: it belongs to the team alone. */
  jobIds: Id[];
  /** Everybody in the team sees it; what they may do with it is theirs team-wide. */
  teamWide?: boolean;
  /** Set when the thing is a candidate's own (their check): they themselves never see it. */
  candidateId?: Id;
  /** Set when the thing no longer tells of anybody: it can be read, and nobody can be linked to it. */
  erased?: boolean;
}

/** One kind of thing that paths name; contexts register their own under its name. */
export abstract class SubjectLocator {
  abstract readonly subject: string;
  /** null: there is no such thing in that team. Malformed ids are null too. */
  abstract locate(teamId: string, id: Id): Promise<Located | null>;
}
