import { generateKeyPairSync } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { exportJWK, type JWTHeaderParameters, type JWTPayload, SignJWT } from 'jose';

const audience = 'https://ats.example.org';

export interface IdentityProvider {
  /** The settings with which the service trusts it. */
  env: Record<string, string>;
  /** A token for the person with this verified address, valid until then (seconds since 1970). */
  tokenFor(email: string, expires: number): Promise<string>;
  /** An access token that is valid for ten minutes, unless the claims say otherwise. */
  token(claims: JWTPayload, header?: Partial<JWTHeaderParameters>): Promise<string>;
  close(): void;
}

/** A company's identity provider: a key set on a free port, and tokens signed with its key. */
export async function startIdentityProvider(): Promise<IdentityProvider> {
  const key = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const keys = [{ ...(await exportJWK(key.publicKey)), kid: 'current', alg: 'ES256', use: 'sig' }];
  const server = createServer((_, response) => response.end(JSON.stringify({ keys }))).listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const token = (claims: JWTPayload, header: Partial<JWTHeaderParameters> = {}): Promise<string> => {
    const now = Math.floor(Date.now() / 1000);
    return new SignJWT({ iss: issuer, aud: audience, iat: now, exp: now + 600, ...claims })
      .setProtectedHeader({ alg: 'ES256', kid: 'current', typ: 'at+jwt', ...header })
      .sign(key.privateKey);
  };
  return {
    env: { LOCAL_RUN: 'false', AUTH_ISSUER: issuer, AUTH_AUDIENCE: audience, AUTH_JWKS_URL: `${issuer}/jwks` },
    tokenFor: (email, expires) => token({ sub: email, email, email_verified: true, exp: expires }),
    token,
    close: () => void server.close(),
  };
}
