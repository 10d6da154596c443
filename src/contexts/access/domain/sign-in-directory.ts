import type { AccessLevel } from '#kernel/caller';
import { signInAddress } from '#kernel/email';
import type { Id } from '#kernel/id';

/** Who somebody is at the identity provider, taken from a token whose signature, issuer and audience were verified. */
export interface VerifiedIdentity {
  readonly issuer: string;
  /** Unique at the issuer and never given to another person. */
  readonly subject: string;
  /** The address in its sign-in form, when the issuer says it is verified. */
  readonly email: string | null;
}

/** The person a sign-in ends with. Structurally the `SignedInUser` of the platform. */
export interface SignedInPerson {
  teamId: string;
  id: Id;
  name: string;
  level: AccessLevel;
  ownCandidateIds: Id[];
}

/** A team that has listed the person. */
export interface TeamChoice {
  teamId: string;
  teamName: string;
}

/** `choose`: several teams have listed the person; they must say which (the `teamId` of the next call). */
export type SignInOutcome = { kind: 'user'; user: SignedInPerson } | { kind: 'choose'; choices: TeamChoice[] };

export interface SignInContext {
  /** The team the person asks for; absent: where they belong, when that is one team. */
  teamId?: string | null;
  /** The person is there to answer: they choose whenever several teams list them, wherever they are bound. */
  ask?: boolean;
  /** Where the sign-in comes from, for the audit log. */
  ip?: string | null;
}

/**
 * Finds the person behind a verified identity in all teams. Looks across teams and never serves an admin. An entry is an
 * invitation until the person signs in with it; then it is bound to their issuer and subject for good.
 */
export abstract class SignInDirectory {
  /** Signs the person in; binds the entry on first use. null: no team has listed them, or they are disabled. */
  abstract find(identity: VerifiedIdentity, context?: SignInContext): Promise<SignInOutcome | null>;
  /** All teams the person may enter with this identity, for a page on which they choose. Binds nothing. */
  abstract choices(identity: VerifiedIdentity): Promise<TeamChoice[]>;
  /**
   * The user as they are now, for a session that began earlier; null when they are disabled or gone. With `identity`: also
   * null when the user is no longer bound to it.
   */
  abstract user(userId: Id, identity?: Pick<VerifiedIdentity, 'issuer' | 'subject'>): Promise<SignedInPerson | null>;
}

/** OpenID Connect allows 255 ASCII characters in `sub`; control characters have no place in one. */
const subjectForm = /^[\x20-\x7e]{1,255}$/;

/** The claims of a verified token that say who its bearer is; null when `sub` is missing or malformed. */
export function verifiedIdentity(claims: {
  iss?: unknown;
  sub?: unknown;
  email?: unknown;
  email_verified?: unknown;
}): VerifiedIdentity | null {
  const { iss, sub, email, email_verified: verified } = claims;
  if (typeof iss !== 'string' || typeof sub !== 'string' || !subjectForm.test(sub)) return null;
  return {
    issuer: iss,
    subject: sub,
    email: verified === true && typeof email === 'string' ? signInAddress(email) : null,
  };
}

/** One entry of the directory that fits an identity. `bound`: to this very identity. */
export interface DirectoryEntry {
  user: SignedInPerson;
  teamName: string;
  bound: boolean;
}

/** What a sign-in does with the entries that fit, best fit of each team first. */
export type SignInDecision = { kind: 'enter'; entry: DirectoryEntry } | { kind: 'choose'; choices: TeamChoice[] };

/**
 * Without a wish, and unless asked, the person enters the one team they are bound in, else the one team that invites them. A team that lists
 * somebody thereby neither moves nor blocks a person who is bound elsewhere, and never catches one whom others list too.
 */
export function decideSignIn(
  entries: readonly DirectoryEntry[],
  { teamId = null, ask = false }: SignInContext,
): SignInDecision | null {
  const teams = entries.filter((entry, i) => entries.findIndex(({ user }) => user.teamId === entry.user.teamId) === i);
  if (teams.length === 0) return null;
  const bound = teams.filter((entry) => entry.bound);
  const belonging = ask || bound.length === 0 ? teams : bound;
  const fitting = teamId === null ? belonging : teams.filter((e) => e.user.teamId === teamId);
  const [entry, another] = fitting;
  if (entry && !another) return { kind: 'enter', entry };
  return { kind: 'choose', choices: teams.map((e) => ({ teamId: e.user.teamId, teamName: e.teamName })) };
}
