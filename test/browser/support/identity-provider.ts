import { once } from 'node:events';
import Provider from 'oidc-provider';
import { freePort } from '../../../scripts/free-port.js';

/** A standards-compliant provider with its own sign-in pages; whoever signs in there is who they say. */
export interface IdentityProvider {
  /** What `serve` is told about it. */
  env: Record<string, string>;
  /** The grants that tokens were given for, such as `refresh_token`. */
  grants: string[];
  close(): Promise<void>;
}

interface Wishes {
  /** Where the console is. */
  consoleUrl: string;
  accessTokenSeconds: number;
}

const audience = 'https://ats.example.org/api';
const scopes = 'openid profile email offline_access';

export async function startIdentityProvider({ consoleUrl, accessTokenSeconds }: Wishes): Promise<IdentityProvider> {
  const port = await freePort();
  const speakUp = quieten();
  const issuer = `http://127.0.0.1:${port}`;
  const provider = new Provider(issuer, {
    clients: [
      {
        client_id: 'ats-console',
        token_endpoint_auth_method: 'none',
        grant_types: ['authorization_code', 'refresh_token'],
        redirect_uris: [`${consoleUrl}/signed-in`],
        post_logout_redirect_uris: [`${consoleUrl}/sign-in`],
      },
    ],
    cookies: { keys: ['only for tests'] },
    clientBasedCORS: () => true,
    claims: { email: ['email', 'email_verified'] },
    findAccount: (_context: unknown, email: string) => ({ accountId: email, claims: () => claimsOf(email) }),
    extraTokenClaims: (_context: unknown, { accountId }: { accountId: string }) => claimsOf(accountId),
    issueRefreshToken: () => true,
    features: { resourceIndicators: accessTokensFor(accessTokenSeconds) },
  });
  const grants: string[] = [];
  provider.on('grant.success', ({ oidc }) => grants.push(oidc.params.grant_type ?? ''));
  const server = await new Promise<ReturnType<Provider['listen']>>((resolve) => {
    const listening = provider.listen(port, '127.0.0.1', () => resolve(listening));
  });
  return {
    env: {
      LOCAL_RUN: 'false',
      AUTH_ISSUER: issuer,
      AUTH_AUDIENCE: audience,
      AUTH_JWKS_URL: `${issuer}/jwks`,
      AUTH_CLIENT_ID: 'ats-console',
      AUTH_SCOPES: scopes,
    },
    grants,
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
      speakUp();
    },
  };
}

/** It says at length what it must not be used for in production; nothing of that is news to a test. */
function quieten(): () => void {
  const { info, warn } = console;
  console.info = console.warn = () => undefined;
  return () => void Object.assign(console, { info, warn });
}

const claimsOf = (email: string) => ({ sub: email, email, email_verified: true });

/** Access tokens are JWTs for our service, whatever the client asks for. */
const accessTokensFor = (seconds: number) => ({
  enabled: true,
  defaultResource: () => audience,
  useGrantedResource: () => true,
  getResourceServerInfo: () => ({
    scope: scopes,
    audience,
    accessTokenFormat: 'jwt',
    accessTokenTTL: seconds,
    jwt: { sign: { alg: 'RS256' } },
  }),
});
