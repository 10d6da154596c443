import { createHmac, generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { exportJWK, type JWTHeaderParameters, type JWTPayload, SignJWT, UnsecuredJWT } from 'jose';
import { type Answer, ask } from './caller.ts';
import { checkInvariants } from './invariants.ts';
import type { Replica } from './replica.ts';
import { type Harness, startHarness } from './harness.ts';
import type { HarnessTeam } from './harness-team.ts';

const audience = 'https://ats.example.org';
const hour = 3_600;
const now = Math.floor(Date.now() / 1000);
const ours = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 });
const foreign = generateKeyPairSync('ec', { namedCurve: 'P-256' });

let harness: Harness;
let team: HarnessTeam;
/** The identity provider's key set, and the paths that were requested from it. */
let keySet: Server;
let issuer: string;
const requestedPaths: string[] = [];
/** `local` uses the local sign-in. `company` trusts the identity provider. */
let local: Replica;
let company: Replica;

beforeAll(async () => {
  const keys = [
    { ...(await exportJWK(ours.publicKey)), kid: 'current', alg: 'ES256', use: 'sig' },
    { ...(await exportJWK(rsa.publicKey)), kid: 'rsa', alg: 'RS256', use: 'sig' },
  ];
  keySet = createServer((request, response) => {
    requestedPaths.push(request.url ?? '');
    response.end(JSON.stringify({ keys }));
  }).listen(0, '127.0.0.1');
  await new Promise((resolve) => keySet.once('listening', resolve));
  issuer = `http://127.0.0.1:${(keySet.address() as AddressInfo).port}`;
  harness = await startHarness();
  team = await harness.team();
  await team.admin.must('PATCH', `/users/${team.admin.id}`, { external_id: 'sub-ada', email: 'mike@canary.example' });
  [local, company] = harness.replicas as [Replica, Replica];
  company.env = { LOCAL_RUN: 'false', AUTH_ISSUER: issuer, AUTH_AUDIENCE: audience, AUTH_JWKS_URL: `${issuer}/jwks` };
  await company.stop();
  await company.start();
}, 120_000);
// Once after all tests: the evidence only grows.
afterAll(async () => void (await checkInvariants(harness)), 60_000);
afterAll(async () => {
  await harness?.close();
  keySet?.close();
}, 60_000);

const claims = (more: JWTPayload = {}): JWTPayload => ({
  iss: issuer,
  aud: audience,
  sub: 'sub-ada',
  iat: now,
  exp: now + hour,
  ...more,
});

const signed = (more: JWTPayload = {}, header: Partial<JWTHeaderParameters> = {}, key: KeyObject = ours.privateKey) =>
  new SignJWT(claims(more)).setProtectedHeader({ alg: 'ES256', kid: 'current', typ: 'at+jwt', ...header }).sign(key);

const base64 = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');

/** Signed with the provider's key by hand, because a library would refuse such content. `middle`: the payload as it is sent. */
function byHand(header: object, middle = base64(claims())): string {
  const head = `${base64({ alg: 'ES256', kid: 'current', typ: 'at+jwt', ...header })}.${middle}`;
  const signature = sign('sha256', Buffer.from(head), { key: ours.privateKey, dsaEncoding: 'ieee-p1363' });
  return `${head}.${signature.toString('base64url')}`;
}

/** Uses a public key as a shared secret. */
function byPublicKey(header: object, secret: string | Buffer): string {
  const head = `${base64({ alg: 'HS256', typ: 'at+jwt', ...header })}.${base64(claims())}`;
  return `${head}.${createHmac('sha256', secret).update(head).digest('base64url')}`;
}

async function withItsOwnKey(header: Partial<JWTHeaderParameters>): Promise<string> {
  return signed({}, { jwk: await exportJWK(foreign.publicKey), ...header }, foreign.privateKey);
}

const tampered = async (change: (claims: JWTPayload) => JWTPayload): Promise<string> => {
  const [head, , signature] = (await signed()).split('.');
  return [head, base64(change(claims())), signature].join('.');
};

const authenticate = (replica: Replica, authorization: string): Promise<Answer> =>
  ask('GET', `${replica.url}/ats/v0/me`, { headers: { authorization } });

it('the valid tokens that the forgeries vary are accepted [F4]', async () => {
  const answer = await authenticate(company, `Bearer ${await signed()}`);
  expect(answer).toMatchObject({ status: 200, body: { id: team.admin.id } });
  expect(
    (await authenticate(company, `Bearer ${await signed({}, { alg: 'RS256', kid: 'rsa' }, rsa.privateKey)}`)).status,
  ).toBe(200);
  expect((await team.admin.at(local.url).get('/me')).status).toBe(200);
});

const pem = (key: KeyObject): string => key.export({ type: 'spki', format: 'pem' }).toString();

it.each<[string, () => string | Promise<string>]>([
  ['no algorithm', () => new UnsecuredJWT(claims()).encode()],
  ['no algorithm, in mixed case', () => `${base64({ alg: 'nOnE', kid: 'current' })}.${base64(claims())}.`],
  ['a signature left out', async () => (await signed()).split('.').slice(0, 2).join('.') + '.'],
  ['an EC public key as a shared secret', () => byPublicKey({ kid: 'current' }, pem(ours.publicKey))],
  ['an RSA public key as a shared secret', () => byPublicKey({ kid: 'rsa' }, pem(rsa.publicKey))],
  ['an empty shared secret', () => byPublicKey({ kid: 'current' }, '')],
  ['the RSA key named for an EC signature', () => signed({}, { kid: 'rsa' })],
  ['a foreign key under a known key id', () => signed({}, {}, foreign.privateKey)],
  ['a foreign key under its own key id', () => signed({}, { kid: 'mine' }, foreign.privateKey)],
  ['a key id that is a path', () => signed({}, { kid: '../../../../dev/null' }, foreign.privateKey)],
  ['an embedded key', () => withItsOwnKey({})],
  ['an embedded key without a key id', () => withItsOwnKey({ kid: undefined })],
  ['a key URL elsewhere', () => withItsOwnKey({ jku: `${issuer}/stolen/jwks` })],
  ['a certificate URL elsewhere', () => withItsOwnKey({ x5u: `${issuer}/stolen/x5u` })],
  ['critical extensions', () => byHand({ crit: ['exp'], exp: now + hour })],
  ['a critical extension that is missing', () => byHand({ crit: ['http://example.org/ext'] })],
  ['an empty list of critical extensions', () => byHand({ crit: [] })],
  ['a payload that is not encoded', () => byHand({ b64: false, crit: ['b64'] })],
  ['a payload declared as not encoded', () => byHand({ b64: false })],
  ['another type', () => byHand({ typ: 'logout+jwt' })],
  ['a type that is not a string', () => byHand({ typ: ['at+jwt'] })],
  ['a type that is an object', () => byHand({ typ: { toLowerCase: 'at+jwt' } })],
  ['no type', () => byHand({ typ: undefined })],
  ['claims that are a list', () => byHand({}, base64([claims()]))],
  ['claims that are null', () => byHand({}, base64(null))],
  ['claims that are not JSON', () => byHand({}, Buffer.from('{').toString('base64url'))],
  ['no expiry', () => signed({ exp: undefined })],
  ['an expiry that is not a number', () => byHand({}, base64({ ...claims(), exp: String(now + hour) }))],
  ['no issue time', () => signed({ iat: undefined })],
  ['an issue time that is not a number', () => byHand({}, base64({ ...claims(), iat: String(now) }))],
  ['an issue time in the future', () => signed({ iat: now + hour, exp: now + 2 * hour })],
  ['a life of more than a day', () => signed({ exp: now + 25 * hour })],
  ['an expiry in the past', () => signed({ exp: now - 60 })],
  ['a not-before time in the future', () => signed({ nbf: now + hour })],
  ['another issuer', () => signed({ iss: 'https://elsewhere.example.org' })],
  ['an issuer with the same prefix', () => signed({ iss: `${issuer}/` })],
  ['another audience', () => signed({ aud: 'https://other.example.org' })],
  ['no audience', () => signed({ aud: undefined })],
  ['no subject', () => signed({ sub: undefined })],
  ['a subject that is not a string', () => byHand({}, base64({ ...claims(), sub: ['sub-ada'] }))],
  ['a NUL in the subject', () => signed({ sub: 'sub-ada\0' })],
  ['a lone surrogate as subject', () => signed({ sub: '\ud800' })],
  ['a NUL in the address', () => signed({ sub: 'x', email: 'ada\0@acme.test', email_verified: true })],
  ['a look-alike address', () => signed({ sub: 'x', email: 'mi\u212ae@canary.example', email_verified: true })],
  [
    'the email address of a user with a binding',
    () => signed({ sub: 'x', email: 'mike@canary.example', email_verified: true }),
  ],
  ['an unknown subject', () => signed({ sub: 'sub-unknown' })],
  ['an ID token’s claims', () => signed({ nonce: 'n', at_hash: 'h' })],
  ['an unverified email address', () => signed({ sub: 'x', email: 'ada@acme.test', email_verified: false })],
  ['a subject changed after signing', () => tampered((all) => ({ ...all, sub: 'sub-ada', exp: now + 10 * hour }))],
  ['the issuer of our local sign-in', () => team.admin.token],
  ['nonsense', () => 'a.b.c'],
])('a token with %s is answered 401, and nothing is fetched for it [F4]', async (_what, token) => {
  const fetched = requestedPaths.filter((path) => path !== '/jwks').length;
  const answer = await authenticate(company, `Bearer ${await token()}`);
  expect(answer).toMatchObject({ status: 401, body: { code: 401, reason: 'unauthenticated', errors: {} } });
  harness.noteError(answer);
  expect(requestedPaths.filter((path) => path !== '/jwks')).toHaveLength(fetched);
});

it('the local sign-in accepts only its own tokens [F4]', async () => {
  const sub = team.admin.id;
  const forLocal = { iss: 'http://localhost:3000', aud: 'ats', sub };
  const tokens = [
    await signed(),
    await signed(forLocal),
    await signed(forLocal, { kid: undefined, jwk: await exportJWK(ours.publicKey) }),
    new UnsecuredJWT(claims(forLocal)).encode(),
    byPublicKey({}, ''),
    team.admin.token.replace(/\.[^.]*$/, '.'),
    team.admin.token.replace(/^[^.]*/, base64({ alg: 'none' })),
  ];
  for (const token of tokens) expect((await authenticate(local, `Bearer ${token}`)).status).toBe(401);
});

it('a token is accepted only as a bearer token in the Authorization header [F4]', async () => {
  const token = await signed();
  for (const authorization of [token, `Basic ${token}`, `Bearer${token}`, `Bearer ${token} ${token}`, 'Bearer', '']) {
    expect([authorization.slice(0, 8), (await authenticate(company, authorization)).status]).toEqual([
      authorization.slice(0, 8),
      401,
    ]);
  }
  const url = `${company.url}/ats/v0/me?access_token=${token}`;
  expect((await ask('GET', url, { headers: { cookie: `access_token=${token}` } })).status).toBe(401);
});
