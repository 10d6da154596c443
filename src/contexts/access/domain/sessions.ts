/** What the identity provider said about the person who signed in. */
export interface SignInProof {
  issuer: string;
  subject: string;
  /** The provider's own session (`sid`), by which it may end ours. */
  providerSessionId: string | null;
  /** When the person last proved who they are; for providers that do not say, when they came from there. */
  authenticatedAt: Date;
  /** The same in the provider's own words and by its clock; null: it does not say. */
  saidAuthenticatedAt: Date | null;
  /** When the person was sent to the provider, on the database's clock at the latest: what it ends afterwards, it may have meant. */
  askedAt: Date;
}

export interface SessionOwner {
  teamId: string;
  userId: string;
}

/** What a provider's logout ends: one session of theirs, or with `providerSessionId: null` all of a person's. */
export interface ProviderLogout {
  issuer: string;
  subject: string | null;
  providerSessionId: string | null;
}

/** A logout as its token said it. */
export interface LogoutNotice extends ProviderLogout {
  /** The token's own id: each counts once. */
  tokenId: string;
  /** By the provider's clock. */
  issuedAt: Date;
}

/** Sessions of browsers. An ended one is refused at its next request on every replica, and its streams end at once. */
export abstract class Sessions {
  /** Returns the token for the browser's cookie: it is kept nowhere and cannot be had again. */
  abstract start(owner: SessionOwner, proof: SignInProof): Promise<string>;
  /** Now, on the clock by which logouts are ordered. */
  abstract now(): Promise<Date>;
  /**
   * Whether the provider ended, while the person was signing in, what the proof rests on. Not so when it says that they proved
   * who they are after that. Inside a unit of work it holds back logouts of that person until the end.
   */
  abstract wasEndedMeanwhile(proof: SignInProof): Promise<boolean>;
  /** null: there was none. */
  abstract end(token: string): Promise<SessionOwner | null>;
  abstract endAllOf(owner: SessionOwner): Promise<void>;
  abstract endAtProvider(logout: ProviderLogout): Promise<SessionOwner[]>;
  /** Remembers a logout for as long as a sign-in that it concerns may be under way. false: its token was taken before. */
  abstract takeLogout(notice: LogoutNotice): Promise<boolean>;
}
