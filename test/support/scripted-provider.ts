import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { exportJWK, type JWTPayload, SignJWT } from 'jose';

/** An identity provider that answers the code of a sign-in with an ID token made by the test. */
export interface ScriptedProvider {
  issuer: string;
  clientId: string;
  key: KeyObject;
  /** The ID token that the token endpoint issues from now on. */
  idToken: string;
  /** Additional values in its discovery document. */
  metadata: Record<string, unknown>;
  /** The client authentication and the body that the service sent to the token endpoint. */
  asked: { authorization: string | undefined; form: Record<string, string> }[];
  env: Record<string, string>;
  sign(claims: JWTPayload, key?: KeyObject, alg?: string): Promise<string>;
  close(): void;
}

export async function startScriptedProvider(): Promise<ScriptedProvider> {
  const { privateKey: key, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const keys = [{ ...(await exportJWK(publicKey)), kid: 'current', alg: 'ES256', use: 'sig' }];
  const answers: Record<string, (request: IncomingMessage) => Promise<unknown>> = {
    '/.well-known/openid-configuration': async () => ({
      issuer,
      authorization_endpoint: `${issuer}/authorize`,
      token_endpoint: `${issuer}/token`,
      jwks_uri: `${issuer}/jwks`,
      response_types_supported: ['code'],
      subject_types_supported: ['public'],
      id_token_signing_alg_values_supported: ['ES256'],
      ...provider.metadata,
    }),
    '/jwks': async () => ({ keys }),
    '/token': async (request) => {
      const form = Object.fromEntries(new URLSearchParams(await textOf(request)));
      provider.asked.push({ authorization: request.headers.authorization, form });
      return { access_token: 'opaque', token_type: 'Bearer', id_token: provider.idToken };
    },
  };
  const server = createServer((request, response) => {
    const answer = answers[request.url ?? ''];
    response.setHeader('content-type', 'application/json');
    if (answer) void answer(request).then((body) => response.end(JSON.stringify(body)));
    else response.writeHead(404).end('{}');
  }).listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const clientId = 'ats';
  const provider: ScriptedProvider = {
    issuer,
    clientId,
    key,
    idToken: '',
    metadata: {},
    asked: [],
    env: {
      LOCAL_RUN: 'false',
      AUTH_ISSUER: issuer,
      AUTH_AUDIENCE: 'https://ats.example.org/api',
      AUTH_JWKS_URL: `${issuer}/jwks`,
      AUTH_CLIENT_ID: clientId,
    },
    sign: (claims, signedWith = key, alg = 'ES256') =>
      new SignJWT(claims).setProtectedHeader({ alg, kid: 'current' }).sign(signedWith),
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  };
  return provider;
}

async function textOf(request: IncomingMessage): Promise<string> {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part as Buffer);
  return Buffer.concat(parts).toString();
}
