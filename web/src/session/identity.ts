/** A way of signing in: the local run's demo people, or the company's identity provider. */
export interface Identity {
  /** The access token to call the service with; null when nobody is signed in. */
  token(): Promise<string | null>;
  /** Drops the token without telling anybody. */
  forget(): Promise<void>;
  /** Ends the session at its source. `leaving`: by going there, and coming back signed out. */
  signOut(): Promise<'done' | 'leaving'>;
}
