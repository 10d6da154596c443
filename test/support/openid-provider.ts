import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import { once } from 'node:events';
import { exportJWK, SignJWT } from 'jose';
import Provider from 'oidc-provider';
import { freePort } from '../../scripts/free-port.js';

/** A standards-compliant provider with its own sign-in pages; whoever signs in there is who they say. */
export interface OpenIdProvider {
  issuer: string;
  /** What `serve` is told about it. */
  env: Record<string, string>;
  /** What clients asked for at the authorization endpoint. */
  asked: Record<string, unknown>[];
  /** A logout token as the provider signs them, unless `key` is another. */
  logoutToken(claims: Record<string, unknown>, key?: KeyObject): Promise<string>;
  /** The next exchange of a code: stands still from when it has come until it is let go. */
  holdExchange(): HeldExchange;
  close(): Promise<void>;
}

export interface HeldExchange {
  came: Promise<void>;
  letGo(): void;
}

interface ProviderOptions {
  /** Where the console is. */
  consoleUrl: string;
  /** false: a public client. */
  confidential?: boolean;
  /** Gives access tokens for our API that live so long, and refresh tokens, as to callers that are no browser. */
  apiTokenSeconds?: number;
}

const audience = 'https://ats.example.org/api';
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
    ],
    jwks: { keys: [{ ...(await exportJWK(privateKey)), kid: 'current', alg: 'RS256', use: 'sig' }] },
    cookies: { keys: ['only for tests'] },
    claims: { email: ['email', 'email_verified'] },
    findAccount: (_context: unknown, email: string) => ({ accountId: email, claims: () => claimsOf(email) }),
    ...(apiTokenSeconds
      ? {
          extraTokenClaims: (_context: unknown, { accountId }: { accountId: string }) => claimsOf(accountId),
          issueRefreshToken: () => true,
        }
      : {}),
    features: {
      backchannelLogout: { enabled: true },
      ...(apiTokenSeconds ? { resourceIndicators: accessTokensFor(apiTokenSeconds) } : {}),
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

/** Access tokens are JWTs for our service, whatever the client asks for. */
const accessTokensFor = (seconds: number) => ({
  enabled: true,
  defaultResource: () => audience,
  useGrantedResource: () => true,
  getResourceServerInfo: () => ({
    scope: 'openid profile email offline_access',
    audience,
    accessTokenFormat: 'jwt',
    accessTokenTTL: seconds,
    jwt: { sign: { alg: 'RS256' } },
  }),
});

/** It says at length what it must not be used for in production; nothing of that is news to a test. */
function quieten(): () => void {
  const { info, warn } = console;
  console.info = console.warn = () => undefined;
  return () => void Object.assign(console, { info, warn });
}
