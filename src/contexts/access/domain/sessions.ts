/** What the identity provider said about the person who signed in. */
export interface SignInProof {
  issuer: string;
  subject: string;
  /** The provider's own session (`sid`), by which it may end ours. */
  providerSessionId: string | null;
  /** When the person last proved who they are; for providers that do not say, when they came from there. */
  authenticatedAt: Date;
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

/** Sessions of browsers. An ended one is refused at its next request on every replica, and its streams end at once. */
export abstract class Sessions {
  /** Returns the token for the browser's cookie: it is kept nowhere and cannot be had again. */
  abstract start(owner: SessionOwner, proof: SignInProof): Promise<string>;
  /** null: there was none. */
  abstract end(token: string): Promise<SessionOwner | null>;
  abstract endAllOf(owner: SessionOwner): Promise<void>;
  abstract endAtProvider(logout: ProviderLogout): Promise<SessionOwner[]>;
  /** false: this logout token was taken before. `until`: after that it is refused for its age. */
  abstract takeLogoutToken(tokenId: string, until: Date): Promise<boolean>;
}
