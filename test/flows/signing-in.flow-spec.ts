import { createHmac, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { exportJWK, type JWTPayload, SignJWT, UnsecuredJWT } from 'jose';
import { createTeam } from '../../src/commands/team-create.js';
import { type RunningApp, startApp } from '../support/app.js';
import { aColleague, call, Person } from '../support/people.js';

const audience = 'https://ats.example.org';
const key = generateKeyPairSync('ec', { namedCurve: 'P-256' });
let keySet: Server;
let issuer: string;
let app: RunningApp;
let ada: { team_id: string; user_id: string };

beforeAll(async () => {
  const keys = [{ ...(await exportJWK(key.publicKey)), kid: 'current', alg: 'ES256', use: 'sig' }];
  keySet = createServer((_, response) => response.end(JSON.stringify({ keys }))).listen(0, '127.0.0.1');
  await new Promise((resolve) => keySet.once('listening', resolve));
  issuer = `http://127.0.0.1:${(keySet.address() as AddressInfo).port}`;
  const auth = { AUTH_ISSUER: issuer, AUTH_AUDIENCE: audience, AUTH_JWKS_URL: `${issuer}/jwks`, AUTH_CLIENT_ID: 'ats' };
  app = await startApp({ env: { LOCAL_RUN: 'false', ...auth } });
  ada = await createTeam(app.databaseUrl, { name: 'Acme', adminEmail: 'Ada@Acme.test', adminExternalId: 'sub-ada' });
});
afterAll(async () => {
  await app?.close();
  keySet.close();
});

describe('A token of the company’s identity provider', () => {
  it('identifies a user by the external id', async () => {
    const answer = await bearing(await aToken({ sub: 'sub-ada' })).get('/me');
    expect(answer.status).toBe(200);
    expect(answer.body).toMatchObject({
      id: ada.user_id,
      access_level: 'admin',
      team: { id: ada.team_id, name: 'Acme' },
    });
  });

  it('identifies a user without an external id by a verified e-mail, in any case', async () => {
    const { user_id } = await createTeam(app.databaseUrl, { name: 'Mail', adminEmail: 'Mail@Acme.test' });
    const verified = { sub: 'sub-mail', email: 'MAIL@acme.TEST', email_verified: true };
    for (const unverified of [false, 'true', 1, undefined]) {
      expect((await bearing(await aToken({ ...verified, email_verified: unverified })).get('/me')).status).toBe(401);
    }
    expect((await bearing(await aToken(verified)).get('/me')).body).toMatchObject({ id: user_id });
  });

  it('never identifies a user with another external id by e-mail', async () => {
    const verified = { sub: 'unknown', email: 'ada@acme.test', email_verified: true };
    expect((await bearing(await aToken(verified)).get('/me')).status).toBe(401);
  });

  it('identifies by the external id when both match', async () => {
    const admin = bearing(await aToken({ sub: 'sub-ada' }));
    const grace = await admin.post('/users', { name: 'Grace', email: 'grace@acme.test', access_level: 'standard' });
    const both = { sub: 'sub-ada', email: 'grace@acme.test', email_verified: true };
    expect(grace.status).toBe(201);
    expect((await bearing(await aToken(both)).get('/me')).body).toMatchObject({ id: ada.user_id });
  });
});

describe('Refused with 401', () => {
  const hour = 3600;
  const now = Math.floor(Date.now() / 1000);
  const cases: [string, () => Promise<string> | string][] = [
    ['no exp', () => aToken({ exp: undefined })],
    ['expired', () => aToken({ exp: now - 1 })],
    ['not yet valid', () => aToken({ nbf: now + hour })],
    ['another issuer', () => aToken({ iss: 'https://elsewhere.example.org' })],
    ['another audience', () => aToken({ aud: 'https://other.example.org' })],
    ['no audience', () => aToken({ aud: undefined })],
    ['no subject', () => aToken({ sub: undefined })],
    ['an ID token', () => aToken({ nonce: 'abc' })],
    ['an unknown user', () => aToken({ sub: 'sub-unknown' })],
    ['alg none', () => new UnsecuredJWT(claims({})).encode()],
    ['a public key used as a shared secret', () => anHmacToken()],
    ['a key that the token itself brings', () => aTokenWithItsOwnKey()],
    [
      'a foreign key under a known name',
      () => aToken({}, generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey),
    ],
    ['nonsense', () => 'a.b.c'],
  ];
  it.each(cases)('%s', async (_, token) => {
    const answer = await bearing(await token()).get('/me');
    expect(answer.status).toBe(401);
    expect(answer.body).toMatchObject({ code: 401, status: 'Unauthorized', reason: 'unauthenticated', errors: {} });
  });

  it('no token, and one in the address', async () => {
    const token = await aToken({});
    expect((await call(app.url, 'GET', '/ats/v0/me')).status).toBe(401);
    expect((await call(app.url, 'GET', `/ats/v0/me?access_token=${token}`)).status).toBe(401);
  });

  it('a user disabled a moment ago, with a token that was valid', async () => {
    const admin = bearing(await aToken({}));
    const body = { name: 'Leaver', email: 'leaver@acme.test', access_level: 'admin', external_id: 'sub-leaver' };
    const { id } = (await admin.post<{ id: string }>('/users', body)).body;
    const leaver = bearing(await aToken({ sub: 'sub-leaver' }));
    expect((await leaver.get('/me')).status).toBe(200);
    expect((await admin.patch(`/users/${id}`, { disabled: true })).status).toBe(200);
    expect((await leaver.get('/me')).status).toBe(401);
  });
});

describe('The console', () => {
  it('gets the way to sign people in, and nothing about the provider', async () => {
    const answer = await call(app.url, 'GET', '/console/config.json');
    expect(answer.body).toEqual({ mode: 'oidc' });
  });

  it('finds no local sign-in outside a local run', async () => {
    expect((await call(app.url, 'GET', '/dev/users')).status).toBe(404);
    expect((await call(app.url, 'POST', '/dev/sign-in', { nonsense: 1 })).status).toBe(404);
  });
});

describe('A local run', () => {
  let local: RunningApp;
  beforeAll(async () => {
    local = await startApp({ databaseUrl: app.databaseUrl });
  });
  afterAll(() => local?.close());

  it('signs its own people in, for an hour', async () => {
    const people = await call<{ id: string }[]>(local.url, 'GET', '/dev/users');
    expect(people.body).toContainEqual({
      id: ada.user_id,
      name: 'Ada',
      email: 'Ada@Acme.test',
      access_level: 'admin',
      team: { id: ada.team_id, name: 'Acme' },
    });
    const signedIn = await call<{ access_token: string }>(local.url, 'POST', '/dev/sign-in', { user_id: ada.user_id });
    expect(signedIn.body).toMatchObject({ token_type: 'Bearer', expires_in: 3600 });
    const admin = new Person(local.url, ada.user_id, signedIn.body.access_token);
    expect((await admin.get('/me')).body).toMatchObject({ id: ada.user_id });
    const colleague = await aColleague(admin, 'limited');
    expect((await colleague.get('/me')).body).toMatchObject({ id: colleague.id, capabilities: [] });
  });

  it('signs no other people in', async () => {
    const answer = await call(local.url, 'POST', '/dev/sign-in', { user_id: ada.team_id });
    expect(answer.status).toBe(422);
    expect(answer.body).toMatchObject({
      reason: 'unknown_reference',
      errors: { json: { user_id: [expect.any(String)] } },
    });
    expect((await new Person(local.url, '', await aToken({})).get('/me')).status).toBe(401);
  });

  it('is not reachable with a token of the company’s provider', async () => {
    const signedIn = await call<{ access_token: string }>(local.url, 'POST', '/dev/sign-in', { user_id: ada.user_id });
    expect((await bearing(signedIn.body.access_token).get('/me')).status).toBe(401);
  });
});

const bearing = (token: string) => new Person(app.url, '', token);

function claims(more: JWTPayload): JWTPayload {
  const now = Math.floor(Date.now() / 1000);
  return { iss: issuer, aud: audience, sub: 'sub-ada', iat: now, exp: now + 600, ...more };
}

const aToken = (more: JWTPayload, signedWith: KeyObject = key.privateKey): Promise<string> =>
  new SignJWT(claims(more)).setProtectedHeader({ alg: 'ES256', kid: 'current', typ: 'at+jwt' }).sign(signedWith);

async function aTokenWithItsOwnKey(): Promise<string> {
  const own = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const header = {
    alg: 'ES256',
    typ: 'at+jwt',
    jwk: await exportJWK(own.publicKey),
    jku: 'https://evil.example.org/jwks',
  };
  return new SignJWT(claims({})).setProtectedHeader(header).sign(own.privateKey);
}

function anHmacToken(): string {
  const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const signed = `${encode({ alg: 'HS256', kid: 'current', typ: 'at+jwt' })}.${encode(claims({}))}`;
  const secret = key.publicKey.export({ type: 'spki', format: 'pem' });
  return `${signed}.${createHmac('sha256', secret).update(signed).digest('base64url')}`;
}
