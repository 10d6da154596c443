import { generateKeyPairSync } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { exportJWK, type JWTPayload, SignJWT } from 'jose';

const audience = 'https://ats.example.org';

export interface IdentityProvider {
  /** What the service is told to trust it. */
  env: Record<string, string>;
  /** A token for whoever has this verified address, until then (seconds since 1970). */
  tokenFor(email: string, expires: number): Promise<string>;
  close(): void;
}

/** A company's identity provider: a key set on a free port, and tokens signed with its key. */
export async function startIdentityProvider(): Promise<IdentityProvider> {
  const key = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const keys = [{ ...(await exportJWK(key.publicKey)), kid: 'current', alg: 'ES256', use: 'sig' }];
  const server = createServer((_, response) => response.end(JSON.stringify({ keys }))).listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const claims = (email: string): JWTPayload => ({
    iss: issuer,
    aud: audience,
    sub: email,
    email,
    email_verified: true,
  });
  return {
    env: { LOCAL_RUN: 'false', AUTH_ISSUER: issuer, AUTH_AUDIENCE: audience, AUTH_JWKS_URL: `${issuer}/jwks` },
    tokenFor: (email, expires) =>
      new SignJWT(claims(email))
        .setProtectedHeader({ alg: 'ES256', kid: 'current' })
        .setIssuedAt()
        .setExpirationTime(expires)
        .sign(key.privateKey),
    close: () => void server.close(),
  };
}
