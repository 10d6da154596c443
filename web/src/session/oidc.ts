import { type User, UserManager, WebStorageStateStore } from 'oidc-client-ts';
import type { SignInConfig } from './config';
import type { Identity } from './identity';

/** A token that ends within this time is renewed before it is used. */
const renewBeforeSeconds = 30;

/** The company's identity provider: authorisation code flow with PKCE. */
export class OidcIdentity implements Identity {
  private readonly manager: UserManager;
  private renewing: Promise<User | null> | undefined;

  constructor({ issuer, client_id, scopes }: SignInConfig) {
    this.manager = new UserManager({
      authority: issuer ?? '',
      client_id: client_id ?? '',
      scope: scopes ?? 'openid',
      redirect_uri: `${window.location.origin}/signed-in`,
      post_logout_redirect_uri: `${window.location.origin}/sign-in`,
      // Every tab finds the session: a link to a result opens in a new one.
      userStore: new WebStorageStateStore({ store: window.localStorage }),
      // Renewing happens on demand and only by refresh token; hidden frames are blocked by browsers.
      automaticSilentRenew: false,
    });
  }

  async token(): Promise<string | null> {
    const user = await this.manager.getUser();
    if (!user) return null;
    if ((user.expires_in ?? Infinity) > renewBeforeSeconds) return user.access_token;
    const renewed = user.refresh_token === undefined ? null : await this.renew();
    const usable = renewed ?? user;
    return usable.expired === true ? null : usable.access_token;
  }

  /** Leaves for the provider; the way back is `/signed-in`. */
  signIn(returnTo: string): Promise<void> {
    return this.manager.signinRedirect({ state: returnTo });
  }

  /** Back from the provider: answers where the person wanted to go. */
  async signedIn(): Promise<string> {
    const user = await this.manager.signinRedirectCallback();
    return typeof user.state === 'string' ? user.state : '/';
  }

  async forget(): Promise<void> {
    await this.manager.removeUser();
  }

  async signOut(): Promise<'done' | 'leaving'> {
    const ending = await this.manager.metadataService.getEndSessionEndpoint().catch(() => undefined);
    if (ending === undefined) await this.manager.removeUser();
    else await this.manager.signoutRedirect();
    return ending === undefined ? 'done' : 'leaving';
  }

  private renew(): Promise<User | null> {
    this.renewing ??= navigator.locks
      .request('ats.renew', () => this.renewOnce())
      .catch(() => null)
      .finally(() => (this.renewing = undefined));
    return this.renewing;
  }

  /** Another tab may have renewed while this one waited: a refresh token is good for one exchange. */
  private async renewOnce(): Promise<User | null> {
    const user = await this.manager.getUser();
    return (user?.expires_in ?? 0) > renewBeforeSeconds ? user : this.manager.signinSilent();
  }
}
