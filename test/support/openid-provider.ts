import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import { once } from 'node:events';
import { exportJWK, SignJWT } from 'jose';
import Provider from 'oidc-provider';
import { freePort } from '../../scripts/free-port.js';

/** A standards-compliant provider with its own sign-in pages. It accepts every login name without a check. */
export interface OpenIdProvider {
  issuer: string;
  /** The settings for `serve` to use it. */
  env: Record<string, string>;
  /** The requests of clients at the authorization endpoint. */
  asked: Record<string, unknown>[];
  /** A logout token, signed with the provider's key unless `key` is given. */
  logoutToken(claims: Record<string, unknown>, key?: KeyObject): Promise<string>;
  /** The next exchange of a code. It is blocked from its arrival until it is released. */
  holdExchange(): HeldExchange;
  close(): Promise<void>;
}

export interface HeldExchange {
  came: Promise<void>;
  letGo(): void;
}

interface ProviderOptions {
  /** The address of the console. */
  consoleUrl: string;
  /** false means a public client. */
  confidential?: boolean;
  /** Issues access tokens for our API with this lifetime, and refresh tokens, as for clients that are no browsers. */
  apiTokenSeconds?: number;
}

const audience = 'https://ats.example.org/api';
/** A program that signs in by itself. */
export const machineClient = {
  client_id: 'nightly-import',
  client_secret: 'a secret between the provider and the program',
  grant_types: ['client_credentials'],
  redirect_uris: [],
  response_types: [],
};
const clientId = 'ats-console';
const clientSecret = 'a secret between the provider and the service';
export const logoutEvents = { 'http://schemas.openid.net/event/backchannel-logout': {} };

export async function startOpenIdProvider({
  consoleUrl,
  confidential = true,
  apiTokenSeconds,
}: ProviderOptions): Promise<OpenIdProvider> {
  const port = await freePort();
  const speakUp = quieten();
  const issuer = `http://127.0.0.1:${port}`;
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const provider = new Provider(issuer, {
    clients: [
      {
        client_id: clientId,
        ...(confidential ? { client_secret: clientSecret } : { token_endpoint_auth_method: 'none' }),
        ...(apiTokenSeconds ? { grant_types: ['authorization_code', 'refresh_token'] } : {}),
        redirect_uris: [`${consoleUrl}/auth/callback`],
        post_logout_redirect_uris: [`${consoleUrl}/sign-in`],
        backchannel_logout_uri: `${consoleUrl}/auth/backchannel-logout`,
        backchannel_logout_session_required: true,
      },
      ...(apiTokenSeconds ? [machineClient] : []),
    ],
    jwks: { keys: [{ ...(await exportJWK(privateKey)), kid: 'current', alg: 'RS256', use: 'sig' }] },
    cookies: { keys: ['only for tests'] },
    claims: { email: ['email', 'email_verified'] },
    findAccount: (_context: unknown, email: string) => ({ accountId: email, claims: () => claimsOf(email) }),
    ...(apiTokenSeconds
      ? {
          extraTokenClaims: (_context: unknown, { accountId }: { accountId?: string }) =>
            accountId && claimsOf(accountId),
          issueRefreshToken: () => true,
        }
      : {}),
    features: {
      backchannelLogout: { enabled: true },
      ...(apiTokenSeconds
        ? { resourceIndicators: accessTokensFor(apiTokenSeconds), clientCredentials: { enabled: true } }
        : {}),
    },
  });
  let held: { came: () => void; released: Promise<void> } | null = null;
  provider.use(async ({ path }, next) => {
    if (path === '/token' && held) {
      const { came, released } = held;
      held = null;
      came();
      await released;
    }
    await next();
  });
  const asked: Record<string, unknown>[] = [];
  provider.on('authorization.accepted', ({ oidc }) => asked.push({ ...oidc.params }));
  const server = await new Promise<ReturnType<Provider['listen']>>((resolve) => {
    const listening = provider.listen(port, '127.0.0.1', () => resolve(listening));
  });
  return {
    issuer,
    env: {
      LOCAL_RUN: 'false',
      AUTH_ISSUER: issuer,
      AUTH_AUDIENCE: audience,
      AUTH_JWKS_URL: `${issuer}/jwks`,
      AUTH_CLIENT_ID: clientId,
      ...(confidential ? { AUTH_CLIENT_SECRET: clientSecret } : {}),
    },
    asked,
    logoutToken: (claims, key = privateKey) => {
      const now = Math.floor(Date.now() / 1000);
      const usual = { iss: issuer, aud: clientId, iat: now, exp: now + 120, jti: `jti-${Math.random()}` };
      return new SignJWT({ ...usual, events: logoutEvents, ...claims })
        .setProtectedHeader({ alg: 'RS256', kid: 'current', typ: 'logout+jwt' })
        .sign(key);
    },
    holdExchange: () => {
      const [came, released] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
      held = { came: came.resolve, released: released.promise };
      return { came: came.promise, letGo: released.resolve };
    },
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
      speakUp();
    },
  };
}

const claimsOf = (email: string) => ({ sub: email, email, email_verified: true });

/** Access tokens are JWTs for our service, whatever the client requests. */
const accessTokensFor = (seconds: number) => ({
  enabled: true,
  defaultResource: () => audience,
  useGrantedResource: () => true,
  getResourceServerInfo: () => ({
    scope: 'openid profile email offline_access jobs:read candidates:read',
    audience,
    accessTokenFormat: 'jwt',
    accessTokenTTL: seconds,
    jwt: { sign: { alg: 'RS256' } },
  }),
});

/** The library warns about settings that are unsafe in production. The warnings do not apply to tests. */
function quieten(): () => void {
  const { info, warn } = console;
  console.info = console.warn = () => undefined;
  return () => void Object.assign(console, { info, warn });
}
