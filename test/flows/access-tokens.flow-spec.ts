import type { JWTHeaderParameters, JWTPayload } from 'jose';
import { createTeam } from '../../src/commands/team-create.js';
import { type RunningApp, startApp } from '../support/app.js';
import { type IdentityProvider, startIdentityProvider } from '../support/identity-provider.js';
import { call, Person } from '../support/people.js';

const hour = 3600;
const day = 24 * hour;
const now = Math.floor(Date.now() / 1000);
const sub = 'sub-ada';
const email = 'mike@acme.test';

type Token = [what: string, ...TokenParts];
type TokenParts = [claims: JWTPayload, header?: Partial<JWTHeaderParameters>];

let provider: IdentityProvider;
let app: RunningApp;
let adaId: string;
let mikeId: string;
const apps: RunningApp[] = [];

beforeAll(async () => {
  provider = await startIdentityProvider();
  app = await started();
  const ada = { name: 'Acme', adminEmail: 'ada@acme.test', adminExternalId: sub };
  adaId = (await createTeam(app.databaseUrl, ada)).user_id;
  mikeId = (await createTeam(app.databaseUrl, { name: 'Mike’s', adminEmail: email })).user_id;
});
afterAll(async () => {
  for (const each of apps.reverse()) await each.close();
  provider.close();
});

/** Services in one process share its environment. The settings of one must not apply to the next. */
const defaults = { AUTH_TOKEN_TYPES: '', AUTH_CLIENTS: '', AUTH_REQUIRED_SCOPE: '', AUTH_TOKEN_MAX_SECONDS: '' };

async function started(env: Record<string, string> = {}): Promise<RunningApp> {
  const running = await startApp({ env: { ...provider.env, ...defaults, ...env }, databaseUrl: app?.databaseUrl });
  apps.push(running);
  return running;
}

const me = async (at: RunningApp, ...[claims, header]: TokenParts) =>
  new Person(at.url, '', await provider.token({ sub, ...claims }, header)).get('/me');

const idToken = { nonce: 'n', at_hash: 'h' };

describe('A token, with the default settings', () => {
  it.each<Token>([
    ['for access, by its type', {}],
    ['by the long form of that type, in capitals', {}, { typ: 'APPLICATION/AT+JWT' }],
    ['made a moment ahead of our clock', { iat: now + 30 }],
    ['for a whole day', { iat: now, exp: now + day }],
  ])('is accepted: %s', async (_, ...token) => {
    expect((await me(app, ...token)).body).toMatchObject({ id: adaId });
  });

  it.each<Token>([
    ['of no type', {}, { typ: undefined }],
    ['of the type of all tokens', { scope: 'ats', client_id: 'web' }, { typ: 'JWT' }],
    ['of another type', {}, { typ: 'logout+jwt' }],
    ['that is an ID token', idToken, { typ: 'JWT' }],
    ['that is an ID token and says it is for access', idToken],
    ['with a nonce alone', { nonce: 'n' }],
    ['with the hash of a code', { c_hash: 'h' }],
    ['that ends a session', { events: { 'http://schemas.openid.net/event/backchannel-logout': {} } }],
    ['that calls itself an ID token, as Keycloak’s do', { typ: 'ID' }],
    ['that calls itself an ID token, as Cognito’s do', { token_use: 'id' }],
    ['without the time it was made', { iat: undefined }],
    ['made at no number', { iat: String(now) as never }],
    ['made in the future', { iat: now + hour, exp: now + 2 * hour }],
    ['that lives longer than a day', { iat: now, exp: now + day + 1 }],
    ['that never ends', { iat: now, exp: 1e300 }],
    ['made long ago for long', { iat: now - 2 * day, exp: now + hour }],
    ['not yet valid', { nbf: now + hour }],
    ['with a subject that is no text', { sub: 7 as never }],
    ['with an empty subject', { sub: '' }],
    ['with a NUL in its subject', { sub: 'sub-ada\u0000' }],
    ['with a line break in its subject', { sub: 'sub-ada\n' }],
    ['with half a letter for a subject', { sub: '\ud800' }],
    ['with a subject that is too long', { sub: 'x'.repeat(256) }],
    ['with a look-alike subject', { sub: 'sub-\u0430da' }],
  ])('is refused with 401: %s', async (_, ...token) => {
    const answer = await me(app, ...token);
    expect(answer).toMatchObject({ status: 401, body: { code: 401, reason: 'unauthenticated', errors: {} } });
  });

  it.each<[string, unknown]>([
    ['the Kelvin sign', 'mi\u212ae@acme.test'],
    ['a Kelvin sign in the domain', 'mike@acme.tes\u212a'],
    ['full-width letters', '\uff4dike@acme.test'],
    ['a full-width domain', 'mike@\uff41cme.test'],
    ['a full-width at sign', 'mike\uff20acme.test'],
    ['an ideographic full stop', 'mike@acme\u3002test'],
    ['a Cyrillic letter', 'm\u0456ke@acme.test'],
    ['a dotted capital I', 'm\u0130ke@acme.test'],
    ['a long s', 'mike@acme.te\u017ft'],
    ['a soft hyphen', 'mi\u00adke@acme.test'],
    ['a zero-width joiner', 'mike@ac\u200dme.test'],
    ['a combining mark', 'mike\u0301@acme.test'],
    ['a space in front', ' mike@acme.test'],
    ['a line break behind', 'mike@acme.test\n'],
    ['a dot behind', 'mike@acme.test.'],
    ['a dot before the at sign', 'mike.@acme.test'],
    ['quotes', '"mike"@acme.test'],
    ['a comment', 'mike(x)@acme.test'],
    ['two at signs', 'mike@elsewhere.example@acme.test'],
    ['a list', 'x@elsewhere.example,mike@acme.test'],
    ['a name', 'Mike <mike@acme.test>'],
    ['a percent hack', 'mike%40acme.test@elsewhere.example'],
    ['a NUL', 'mike@acme.test\u0000'],
    ['a NUL in the middle', 'mi\u0000ke@acme.test'],
    ['half a letter', 'mike\ud800@acme.test'],
    ['a port', 'mike@acme.test:25'],
    ['an address in a list', ['mike@acme.test']],
    ['no text', 5],
    ['nothing', ''],
    ['very long', `${'m'.repeat(1_000)}@acme.test`],
  ])('signs no user in with a verified address that has %s', async (what, address) => {
    const answer = await me(app, { sub: `sub of ${what}`, email: address, email_verified: true });
    expect(answer).toMatchObject({ status: 401, body: { reason: 'unauthenticated' } });
  });

  it('does not match another person through a look-alike address that an admin entered', async () => {
    const admin = new Person(app.url, '', await provider.token({ sub }));
    const body = { name: 'Fake', email: 'jac\u212a@acme.test', access_level: 'admin' };
    expect((await admin.post('/users', body)).status).toBe(201);
    const jack = await me(app, { sub: 'sub-jack', email: 'jack@acme.test', email_verified: true });
    expect(jack.status).toBe(401);
  });

  // Runs after the look-alikes. If one of them had signed in, Mike would be bound to it now.
  it('signs in with the plain address, and with one of another script in its IDNA spelling', async () => {
    expect((await me(app, { sub: 'sub-mike', email, email_verified: true })).body).toMatchObject({ id: mikeId });
    const team = { name: 'Umlaut', adminEmail: 'ada@ex\u00e4mple.test' };
    const { user_id: id } = await createTeam(app.databaseUrl, team);
    const written = { sub: 'sub-umlaut', email: 'ada@ex\u00e4mple.test', email_verified: true };
    expect((await me(app, written)).body).toMatchObject({ id });
  });
});

describe('A token, where the provider sends the type JWT', () => {
  let jwt: RunningApp;
  beforeAll(async () => {
    jwt = await started({ AUTH_TOKEN_TYPES: 'at+jwt,JWT', AUTH_CLIENT_ID: 'ats-console' });
  });

  it.each<Token>([
    ['of the better type', {}],
    ['with a scope', { scope: 'openid ats' }, { typ: 'JWT' }],
    ['with scopes in a list', { scp: ['ats'] }, { typ: 'JWT' }],
    ['of a client', { client_id: 'robot' }, { typ: 'JWT' }],
    ['of no type, with a scope', { scope: 'ats' }, { typ: undefined }],
  ])('is accepted: %s', async (_, ...token) => {
    expect((await me(jwt, ...token)).status).toBe(200);
  });

  it.each<Token>([
    ['that nothing shows to be for access', {}, { typ: 'JWT' }],
    ['of which only the party is known, as in ID tokens', { azp: 'ats-console' }, { typ: 'JWT' }],
    ['that is an ID token with a scope', { ...idToken, scope: 'ats' }, { typ: 'JWT' }],
    [
      'for the console itself, whatever else it holds',
      { aud: ['https://ats.example.org', 'ats-console'], scope: 'ats', client_id: 'ats-console' },
      { typ: 'JWT' },
    ],
  ])('is refused with 401: %s', async (_, ...token) => {
    expect((await me(jwt, ...token)).status).toBe(401);
  });
});

describe('A token, where the settings name clients and a scope', () => {
  let strict: RunningApp;
  beforeAll(async () => {
    strict = await started({
      AUTH_CLIENTS: 'ats-console, robot',
      AUTH_REQUIRED_SCOPE: 'ats:use',
      AUTH_TOKEN_MAX_SECONDS: '300',
    });
  });
  const good = { scope: 'openid ats:use', client_id: 'robot', exp: now + 300, iat: now };

  it.each<Token>([
    ['of a client on the list', good],
    ['whose client stands in azp', { ...good, client_id: undefined, azp: 'ats-console' }],
    ['whose client stands in cid', { ...good, client_id: undefined, cid: 'robot' }],
    ['with scopes in a list', { ...good, scope: undefined, scp: ['openid', 'ats:use'] }],
  ])('is accepted: %s', async (_, claims) => {
    expect((await me(strict, claims)).status).toBe(200);
  });

  it.each<Token>([
    ['of another client', { ...good, client_id: 'other-app' }],
    ['of a client on the list for a party that is not', { ...good, azp: 'other-app' }],
    ['of no client', { ...good, client_id: undefined }],
    ['of clients in a list', { ...good, client_id: ['robot'] }],
    ['without a scope', { ...good, scope: undefined }],
    ['with a scope that begins alike', { ...good, scope: 'ats:used' }],
    ['with another scope', { ...good, scope: 'openid' }],
    ['that lives too long', { ...good, exp: now + 301 }],
  ])('is refused with 401: %s', async (_, claims) => {
    expect((await me(strict, claims)).status).toBe(401);
  });
});

it('accepts an issuer that ends in a slash, as Auth0’s do', async () => {
  const iss = `${provider.env['AUTH_ISSUER'] ?? ''}/`;
  const slash = await started({ AUTH_ISSUER: iss });
  const { user_id: id } = await createTeam(app.databaseUrl, { name: 'Slash', adminEmail: 'slash@acme.test' });
  const claims = { sub: 'sub-slash', email: 'slash@acme.test', email_verified: true };
  expect((await me(slash, { ...claims, iss })).body).toMatchObject({ id });
  expect((await me(slash, claims)).status).toBe(401);
});

it('leaves the health of the service unchanged after all these tokens', async () => {
  expect((await call(app.url, 'GET', '/health/ready')).status).toBe(200);
});
