import type { SignedInUser } from '#kernel/caller';
import { signInAddress } from '#kernel/email';
import type { Id } from '#kernel/id';

/** A person at the identity provider, from a token whose signature, issuer and audience were verified. */
export interface VerifiedIdentity {
  readonly issuer: string;
  /** Unique at the issuer and never given to another person. */
  readonly subject: string;
  /** The address in its sign-in form, when the issuer says it is verified. */
  readonly email: string | null;
}

/** A team that lists the person. */
export interface TeamChoice {
  teamId: string;
  teamName: string;
}

/** `choose`: several teams list the person, who must choose one (the `teamId` of the next call). */
export type SignInOutcome = { kind: 'user'; user: SignedInUser } | { kind: 'choose'; choices: TeamChoice[] };

export interface SignInContext {
  /** The team that the person chose. Absent: the team they are bound in or invited to, when it is only one. */
  teamId?: string | null;
  /** The person can be asked: they choose whenever several teams list them, also when they are bound in one. */
  ask?: boolean;
  /** Where the sign-in comes from, for the audit log. */
  ip?: string | null;
}

/**
 * Finds the user of a verified identity in all teams. It reads across teams and is never offered to admins. An entry is an
 * invitation until the person signs in with it. Then it is bound to their issuer and subject permanently.
 */
export abstract class SignInDirectory {
  /** Signs the person in. Binds the entry on first use. null: no team lists them, or they are disabled. */
  abstract find(identity: VerifiedIdentity, context?: SignInContext): Promise<SignInOutcome | null>;
  /** All teams the person may enter with this identity, for a page on which they choose. Binds nothing. */
  abstract choices(identity: VerifiedIdentity): Promise<TeamChoice[]>;
  /**
   * The user in their present state, for a session that began earlier; null when they are disabled or deleted. With `identity`: also
   * null when the user is no longer bound to it.
   */
  abstract user(userId: Id, identity?: Pick<VerifiedIdentity, 'issuer' | 'subject'>): Promise<SignedInUser | null>;
}

/** OpenID Connect allows 255 ASCII characters in `sub`. Control characters are refused too. */
const subjectForm = /^[\x20-\x7e]{1,255}$/;

/** The identity in the claims of a verified token; null when `sub` is missing or malformed. */
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

/** An entry of the directory that matches an identity. `bound`: it is bound to this identity. */
export interface DirectoryEntry {
  user: SignedInUser;
  teamName: string;
  bound: boolean;
}

/** What a sign-in does with the matching entries. */
export type SignInDecision = { kind: 'enter'; entry: DirectoryEntry } | { kind: 'choose'; choices: TeamChoice[] };

/**
 * Without `teamId` and `ask`, the person enters the one team they are bound in, else the one team that invites them. So a team
 * that lists a person neither moves nor blocks them while they are bound elsewhere, and never gets a person whom other teams
 * list too. `entries` come best match first.
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
