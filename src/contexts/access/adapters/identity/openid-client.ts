import { Injectable } from '@nestjs/common';
import * as oidc from 'openid-client';
import { DomainError } from '#kernel/errors';
import { Clock } from '#kernel/ports';
import { Settings } from '#platform/config/settings';
import type { SignInProof } from '../../domain/sessions.js';
import { verifiedIdentity, type VerifiedIdentity } from '../../domain/sign-in-directory.js';
import { AccessSettings } from '../../settings.js';

/** The timeout of a request to the provider. */
const answerWithinSeconds = 8;

/** Values that must come back from the provider unchanged, or stay secret until then. */
export interface SignInAttempt {
  state: string;
  nonce: string;
  verifier: string;
  /** Milliseconds since 1970. */
  began: number;
}

export interface SignInOptions {
  /** The provider asks for the password again when the last sign-in there was longer ago. */
  maxAgeSeconds: number;
  /** `login`: asks in any case, so that another account can be chosen. */
  prompt?: string;
}

export type SignedInAtProvider = Omit<SignInProof, 'askedAt'> & VerifiedIdentity;

type Client = NonNullable<AccessSettings['auth']> & { clientId: string };

/** The service as a client of the company's identity provider: authorisation code flow with PKCE, state and nonce. */
@Injectable()
export class OpenIdClient {
  private configuring: Promise<oidc.Configuration> | undefined;

  constructor(
    private readonly settings: Settings,
    private readonly access: AccessSettings,
    private readonly clock: Clock,
  ) {}

  /** Whether browsers can sign in through a provider here. */
  get isSetUp(): boolean {
    return Boolean(this.access.auth?.clientId);
  }

  /** Returns where to send the browser, and what to keep until it comes back. */
  async begin({ maxAgeSeconds, prompt }: SignInOptions): Promise<{ url: string; attempt: SignInAttempt }> {
    const configuration = await this.configuration();
    const attempt = {
      state: oidc.randomState(),
      nonce: oidc.randomNonce(),
      verifier: oidc.randomPKCECodeVerifier(),
      began: this.clock.now().getTime(),
    };
    const url = oidc.buildAuthorizationUrl(configuration, {
      redirect_uri: `${this.settings.publicUrl}/auth/callback`,
      scope: this.client().scopes,
      state: attempt.state,
      nonce: attempt.nonce,
      code_challenge: await oidc.calculatePKCECodeChallenge(attempt.verifier),
      code_challenge_method: 'S256',
      // Makes the provider say when the person signed in (`auth_time`).
      max_age: String(maxAgeSeconds),
      ...(prompt === undefined ? {} : { prompt }),
    });
    return { url: url.href, attempt };
  }

  /** `search`: the query with which the browser came back. No token of the provider is kept after this call. */
  async finish(search: string, { state, nonce, verifier }: SignInAttempt): Promise<SignedInAtProvider> {
    const configuration = await this.configuration();
    const came = this.clock.now();
    const tokens = await oidc.authorizationCodeGrant(
      configuration,
      new URL(`${this.settings.publicUrl}/auth/callback${search}`),
      { expectedState: state, expectedNonce: nonce, pkceCodeVerifier: verifier, idTokenExpected: true },
    );
    const claims = tokens.claims();
    if (!claims) throw new Error('The provider sent no ID token.');
    const said = await this.withEmail(configuration, tokens.access_token, claims);
    const identity = verifiedIdentity({ ...said, iss: claims.iss, sub: claims.sub });
    if (!identity) throw new Error('The ID token has no usable subject.');
    return {
      ...identity,
      providerSessionId: typeof claims['sid'] === 'string' ? claims['sid'] : null,
      // The provider's clock may be ahead. A sign-in time in the future is replaced by now.
      authenticatedAt: new Date(Math.min((claims.auth_time ?? Infinity) * 1000, came.getTime())),
      saidAuthenticatedAt: claims.auth_time === undefined ? null : new Date(claims.auth_time * 1000),
    };
  }

  /** The address at which the provider ends its own session; null: it has none, or cannot be reached. */
  async endSessionUrl(): Promise<string | null> {
    if (!this.isSetUp) return null;
    const configuration = await this.configuration().catch(() => null);
    if (!configuration?.serverMetadata().end_session_endpoint) return null;
    const back = { post_logout_redirect_uri: `${this.settings.publicUrl}/sign-in` };
    return oidc.buildEndSessionUrl(configuration, back).href;
  }

  /** Many providers leave the e-mail address out of the ID token. Then it is fetched from the userinfo endpoint. */
  private async withEmail(
    configuration: oidc.Configuration,
    accessToken: string,
    claims: oidc.IDToken,
  ): Promise<oidc.IDToken | oidc.UserInfoResponse> {
    if (claims['email'] !== undefined || !configuration.serverMetadata().userinfo_endpoint) return claims;
    return oidc.fetchUserInfo(configuration, accessToken, claims.sub);
  }

  private client(): Client {
    const { auth } = this.access;
    if (!auth?.clientId) throw new DomainError('not_found', 'not_found', 'Not found.');
    return { ...auth, clientId: auth.clientId };
  }

  /** Discovered once, and again after a failure. */
  private configuration(): Promise<oidc.Configuration> {
    this.configuring ??= this.discover().catch((error: unknown) => {
      this.configuring = undefined;
      throw error;
    });
    return this.configuring;
  }

  private async discover(): Promise<oidc.Configuration> {
    const { issuer, clientId, clientSecret } = this.client();
    const execute = [oidc.enableNonRepudiationChecks];
    // The settings accept plain http only on loopback addresses.
    if (issuer.startsWith('http:')) execute.push(oidc.allowInsecureRequests);
    const options = { execute, timeout: answerWithinSeconds };
    // ID tokens are validated by the database's time, like everything else.
    const metadata = { [oidc.clockSkew]: Math.round((this.clock.now().getTime() - Date.now()) / 1000) };
    const found = await oidc.discovery(new URL(issuer), clientId, metadata, oidc.None(), options);
    if (clientSecret === null) return found;
    const server = found.serverMetadata();
    const byPost = server.token_endpoint_auth_methods_supported?.includes('client_secret_post') ?? false;
    const proof = byPost ? oidc.ClientSecretPost(clientSecret) : oidc.ClientSecretBasic(clientSecret);
    const confidential = new oidc.Configuration(server, clientId, metadata, proof);
    confidential.timeout = answerWithinSeconds;
    for (const apply of execute) apply(confidential);
    return confidential;
  }
}
