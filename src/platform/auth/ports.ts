import type { Id } from '#kernel/id';
import type { JobRights, SignedInUser } from '#kernel/caller';

/** What a request carries besides its token. */
export interface Origin {
  /** The team the caller asks for (`X-Team-Id`). Only people who belong to several teams need it. */
  teamId: string | null;
  ip: string;
}

/** Finds the user of a bearer token. Throws 401 when there is none, 409 `choose_team`. Called again for each request. */
export abstract class Authenticator {
  abstract authenticate(bearer: string, origin: Origin): Promise<SignedInUser>;
}

/** A service account whose key was found. */
export interface LiveKey {
  account: SignedInUser;
  endsAt: Date;
}

/** The header in which a service account sends its key. */
export const apiKeyHeader = 'x-api-key';

/** Finds the service account of an API key. Called again for each request, so that a revoked key is refused on every replica. */
export abstract class ApiKeys {
  /** Throws 401, always the same, when the key is none, has expired, or is not of the team that the request names. */
  abstract authenticate(key: string, origin: Origin): Promise<LiveKey>;
}

export interface LiveSession {
  user: SignedInUser;
  /** When it ends even if it is in use. */
  endsAt: Date;
  /** Until when the sign-in counts as recent, for sensitive acts; null: always. */
  recentUntil: Date | null;
}

/** Finds the user of a browser session. */
export abstract class BrowserSessions {
  /** Throws 401 `session_ended` when the session no longer exists. `keepAlive`: counts as use, so the idle limit starts again. */
  abstract resume(token: string, options: { keepAlive: boolean }): Promise<LiveSession>;
}

/** Postgres notifies every replica on this channel, with a user's id, that a sign-in of that user may have ended. */
export const signInEndedChannel = 'sign_in_ended';

/** Which jobs a user can see, and what they were granted on single jobs. */
export abstract class JobScopes {
  abstract of(user: SignedInUser): Promise<JobRights>;
}

/** Where a thing in a path belongs, so that the guard can answer 404 or 403 before the body is validated. */
export interface Located {
  /** Jobs through which it can be seen; empty: it belongs to the team and no job. */
  jobIds: Id[];
  /** Every user of the team can see it; team-wide rights decide what they may do with it. */
  teamWide?: boolean;
  /** Set when the thing is about a person who may also be a user: that person never sees it. */
  hiddenFrom?: Id;
  /** Set when the thing no longer identifies a person: it can be read, and no user can be linked to it. */
  erased?: boolean;
}

/** Locates one kind of thing that paths name. Contexts register theirs under its name. */
export abstract class SubjectLocator {
  abstract readonly subject: string;
  /** The fields of bodies and filters that hold the id of such a thing, or a list of them. */
  abstract readonly fields: readonly string[];
  /** Its name in the audit log, where it differs from the name in the rights. */
  readonly entity?: string;
  /** Rights are granted on such things, one by one. */
  readonly bearsRights: boolean = false;
  /** null: the team has no such thing. Malformed ids give null too. */
  abstract locate(teamId: string, id: Id): Promise<Located | null>;
}
