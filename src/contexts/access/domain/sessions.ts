/** What the identity provider said about the person who signed in. */
export interface SignInProof {
  issuer: string;
  subject: string;
  /** The provider's own session (`sid`), by which it may end ours. */
  providerSessionId: string | null;
  /** When the person last signed in at the provider; when the provider does not say, the time they came back from it. */
  authenticatedAt: Date;
  /** The same time as the provider stated it, by its clock; null: it did not state one. */
  saidAuthenticatedAt: Date | null;
  /**
   * When the person was sent to the provider, never later than the database's clock. A logout received after this may concern
   * this sign-in.
   */
  askedAt: Date;
}

export interface SessionOwner {
  teamId: string;
  userId: string;
}

/** What a provider's logout ends: one of its sessions, or with `providerSessionId: null` all sessions of a person. */
export interface ProviderLogout {
  issuer: string;
  subject: string | null;
  providerSessionId: string | null;
}

/** The logout of a verified logout token. */
export interface VerifiedLogout extends ProviderLogout {
  /** The token's id. Each token is accepted once. */
  tokenId: string;
  /** By the provider's clock. */
  issuedAt: Date;
}

/** Browser sessions. An ended session is refused at its next request on every replica, and its streams end at once. */
export abstract class Sessions {
  /** Returns the token for the browser's cookie. Only its hash is stored, so it cannot be read again. */
  abstract start(owner: SessionOwner, proof: SignInProof): Promise<string>;
  /** The time by the clock that orders logouts. */
  abstract now(): Promise<Date>;
  /**
   * Whether the provider ended this sign-in while it was in progress. A logout does not count when the provider says that the
   * person signed in after it. Inside a unit of work, logouts of that person wait until its end.
   */
  abstract wasEndedMeanwhile(proof: SignInProof): Promise<boolean>;
  /** null: there was none. */
  abstract end(token: string): Promise<SessionOwner | null>;
  abstract endAllOf(owner: SessionOwner): Promise<void>;
  abstract endAtProvider(logout: ProviderLogout): Promise<SessionOwner[]>;
  /** Stores a logout for as long as a sign-in that it concerns may be in progress. false: its token was used before. */
  abstract takeLogout(logout: VerifiedLogout): Promise<boolean>;
}
