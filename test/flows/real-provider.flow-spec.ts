import { createHash, randomBytes } from 'node:crypto';
import { decodeJwt, decodeProtectedHeader } from 'jose';
import { createTeam } from '../../src/commands/team-create.js';
import { type RunningApp, startApp } from '../support/app.js';
import { aServiceAccount } from '../support/machines.js';
import { machineClient, type OpenIdProvider, startOpenIdProvider } from '../support/openid-provider.js';
import { Person } from '../support/people.js';

const consoleUrl = 'https://ats.example.org';
const email = 'ada.moreno@juniper.example.org';

interface Tokens {
  access_token: string;
  id_token: string;
  refresh_token: string;
}

/** Tokens of a third-party provider, as a browser gets them: sign in, consent, exchange the code for tokens. */
describe('A standards-compliant identity provider', () => {
  let provider: OpenIdProvider;
  let app: RunningApp;
  let narrow: RunningApp;
  let tokens: Tokens;
  let adaId: string;

  beforeAll(async () => {
    provider = await startOpenIdProvider({ consoleUrl, confidential: false, apiTokenSeconds: 600 });
    app = await startApp({ env: provider.env });
    // Also accepts the type JWT, but only from the console's client with this scope.
    narrow = await startApp({ env: { ...provider.env, ...narrowed }, databaseUrl: app.databaseUrl });
    adaId = (await createTeam(app.databaseUrl, { name: 'Juniper', adminEmail: email })).user_id;
    tokens = await signedInAt(provider.env['AUTH_ISSUER'] ?? '');
  });
  afterAll(async () => {
    await narrow?.close();
    await app?.close();
    await provider?.close();
  });
  const narrowed = { AUTH_TOKEN_TYPES: 'JWT,at+jwt', AUTH_CLIENTS: 'ats-console', AUTH_REQUIRED_SCOPE: 'email' };

  it('issues access tokens that are accepted, also where the settings name clients and a scope', async () => {
    expect(decodeProtectedHeader(tokens.access_token).typ).toBe('at+jwt');
    for (const { url } of [app, narrow]) {
      expect((await new Person(url, '', tokens.access_token).get('/me')).body).toMatchObject({ id: adaId, email });
    }
  });

  it('issues ID tokens and refresh tokens that are refused', async () => {
    expect(decodeJwt(tokens.id_token)).toMatchObject({ aud: 'ats-console', sub: email });
    for (const { url } of [app, narrow]) {
      expect((await new Person(url, '', tokens.id_token).get('/me')).status).toBe(401);
      expect((await new Person(url, '', tokens.refresh_token).get('/me')).status).toBe(401);
    }
  });

  it('issues ID tokens that are refused even by a service whose audience is the client’s id', async () => {
    const open = { AUTH_TOKEN_TYPES: 'at+jwt', AUTH_CLIENTS: '', AUTH_REQUIRED_SCOPE: '' };
    const env = { ...provider.env, ...open, AUTH_AUDIENCE: 'ats-console' };
    const careless = await startApp({ env, databaseUrl: app.databaseUrl });
    expect((await new Person(careless.url, '', tokens.id_token).get('/me')).status).toBe(401);
    await careless.close();
    const worse = startApp({ env: { ...env, AUTH_TOKEN_TYPES: 'JWT' }, databaseUrl: app.databaseUrl });
    await expect(worse).rejects.toThrow(/AUTH_AUDIENCE is a client id/);
  });

  it('issues tokens to machine clients, which act as the linked service account within the scopes of both', async () => {
    const admin = new Person(app.url, adaId, tokens.access_token);
    const token = await tokenOfMachine(provider.issuer, 'jobs:read');
    const machine = new Person(app.url, '', token);
    expect((await machine.get('/me')).status).toBe(401);
    const details = { name: 'Nightly', client_id: machineClient.client_id, scopes: ['jobs:read', 'candidates:read'] };
    const id = await aServiceAccount(admin, details);
    expect((await machine.get('/me')).body).toMatchObject({ id, kind: 'service_account', scopes: ['jobs:read'] });
    expect((await machine.get('/jobs')).status).toBe(200);
    expect((await machine.get('/candidates')).body).toMatchObject({ reason: 'scope_missing' });
    expect((await new Person(narrow.url, '', token).get('/me')).status).toBe(401);
    expect((await admin.get('/me')).body).toMatchObject({ kind: 'user' });
  });

  it('prevents the start with an unknown token type in the settings', async () => {
    const env = { ...provider.env, AUTH_TOKEN_TYPES: 'at+jwt,id' };
    await expect(startApp({ env, databaseUrl: app.databaseUrl })).rejects.toThrow(/AUTH_TOKEN_TYPES must hold/);
  });
});

async function tokenOfMachine(issuer: string, scope: string): Promise<string> {
  const { client_id, client_secret } = machineClient;
  const body = new URLSearchParams({ grant_type: 'client_credentials', client_id, client_secret, scope });
  const answer = await fetch(`${issuer}/token`, { method: 'POST', body });
  return ((await answer.json()) as { access_token: string }).access_token;
}

async function signedInAt(issuer: string): Promise<Tokens> {
  const verifier = randomBytes(32).toString('base64url');
  const browser = new Browser(issuer);
  const query = new URLSearchParams({
    client_id: 'ats-console',
    response_type: 'code',
    redirect_uri: `${consoleUrl}/auth/callback`,
    scope: 'openid email offline_access',
    prompt: 'consent',
    code_challenge: createHash('sha256').update(verifier).digest('base64url'),
    code_challenge_method: 'S256',
  });
  const login = await browser.follow(`/auth?${query.toString()}`);
  const consent = await browser.follow(login, { prompt: 'login', login: email, password: 'anything' });
  const back = await browser.follow(consent, { prompt: 'consent' });
  const code = new URL(back).searchParams.get('code') ?? '';
  const answer = await fetch(`${issuer}/token`, {
    method: 'POST',
    body: new URLSearchParams({
      grant_type: 'authorization_code',
      client_id: 'ats-console',
      redirect_uri: `${consoleUrl}/auth/callback`,
      code,
      code_verifier: verifier,
    }),
  });
  return (await answer.json()) as Tokens;
}

/** Keeps cookies, and continues until a page is shown or the provider redirects back. */
class Browser {
  private readonly cookies = new Map<string, string>();
  constructor(private readonly issuer: string) {}

  async follow(address: string, form?: Record<string, string>): Promise<string> {
    const url = new URL(address, this.issuer);
    if (url.origin !== this.issuer) return url.href;
    const answer = await fetch(url, {
      method: form ? 'POST' : 'GET',
      redirect: 'manual',
      headers: { cookie: [...this.cookies].map((pair) => pair.join('=')).join('; ') },
      ...(form ? { body: new URLSearchParams(form) } : {}),
    });
    for (const cookie of answer.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(cookie) ?? [];
      this.cookies.set(name, value);
    }
    const next = answer.headers.get('location');
    if (next) return this.follow(next);
    if (answer.status !== 200) throw new Error(`${url.pathname} answered ${answer.status}: ${await answer.text()}`);
    return url.href;
  }
}
