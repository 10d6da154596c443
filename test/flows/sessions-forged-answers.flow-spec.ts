import { generateKeyPairSync } from 'node:crypto';
import { type JWTPayload, UnsecuredJWT } from 'jose';
import { createTeam } from '../../src/commands/team-create.js';
import { type RunningApp, startApp } from '../support/app.js';
import { BrowserWindow } from '../support/browser-window.js';
import { type ScriptedProvider, startScriptedProvider } from '../support/scripted-provider.js';

const ada = 'sub-ada';
const now = () => Math.floor(Date.now() / 1000);

describe('The response of the provider', () => {
  let provider: ScriptedProvider;
  let app: RunningApp;
  beforeAll(async () => {
    provider = await startScriptedProvider();
    app = await startApp({ env: provider.env });
    const adminEmail = 'ada@acme.test';
    await createTeam(app.databaseUrl, { name: 'Acme', adminEmail, adminExternalId: ada });
  });
  afterAll(async () => {
    await app?.close();
    provider?.close();
  });

  const claims = (nonce: string, more: JWTPayload = {}): JWTPayload => ({
    iss: provider.issuer,
    aud: provider.clientId,
    sub: ada,
    nonce,
    iat: now(),
    exp: now() + 60,
    ...more,
  });

  /** Starts a sign-in at `service` and comes back with `query`, with the `idToken` made from the nonce. */
  async function comesBack(
    service: RunningApp,
    idToken: (nonce: string) => Promise<string> | string,
    query: (state: string) => Record<string, string> = (state) => ({ code: 'a-code', state }),
  ): Promise<{ window: BrowserWindow; location: string }> {
    const window = new BrowserWindow();
    const left = await window.ask(`${service.url}/auth/sign-in`, 'GET');
    const asked = new URL(left.headers.get('location') ?? '').searchParams;
    provider.idToken = await idToken(asked.get('nonce') ?? '');
    const back = new URLSearchParams(query(asked.get('state') ?? ''));
    const answer = await window.ask(`${service.url}/auth/callback?${back.toString()}`, 'GET');
    return { window, location: answer.headers.get('location') ?? '' };
  }

  it('signs in the user it names', async () => {
    const { window, location } = await comesBack(app, (nonce) => provider.sign(claims(nonce)));
    expect(location).toBe('/jobs');
    expect((await window.api(app.url, 'GET', '/ats/v0/me')).body).toMatchObject({ email: 'ada@acme.test' });
  });

  const { privateKey: foreignKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const forged: [string, (nonce: string) => Promise<string> | string][] = [
    ['another nonce', () => provider.sign(claims('of-another-sign-in'))],
    ['no nonce', () => provider.sign(claims('', { nonce: undefined }))],
    ['another issuer', (nonce) => provider.sign(claims(nonce, { iss: 'https://elsewhere.example.org' }))],
    ['another client', (nonce) => provider.sign(claims(nonce, { aud: 'another-client' }))],
    ['several clients, for another', (nonce) => provider.sign(claims(nonce, { aud: ['ats', 'x'], azp: 'x' }))],
    ['expired', (nonce) => provider.sign(claims(nonce, { exp: now() - 120 }))],
    ['no subject', (nonce) => provider.sign(claims(nonce, { sub: undefined }))],
    ['a subject that is none', (nonce) => provider.sign(claims(nonce, { sub: 'sub-ada\0' }))],
    ['a foreign key under a known name', (nonce) => provider.sign(claims(nonce), foreignKey)],
    ['alg none', (nonce) => new UnsecuredJWT(claims(nonce)).encode()],
    ['nonsense', () => 'a.b.c'],
    ['none at all', () => ''],
  ];
  it.each(forged)('signs no user in with a forged ID token: %s', async (_, idToken) => {
    const { window, location } = await comesBack(app, idToken);
    expect(location).toBe('/sign-in?return_to=%2Fjobs&why=failed');
    expect(window.cookies.has('ats_session')).toBe(false);
  });

  it('signs no user in when it comes from another issuer (mix-up), or is a refusal', async () => {
    provider.metadata = { authorization_response_iss_parameter_supported: true };
    const fresh = await startApp({ databaseUrl: app.databaseUrl, env: provider.env });
    const good = (nonce: string) => provider.sign(claims(nonce));
    const mixed = await comesBack(fresh, good, (state) => ({ code: 'a', state, iss: 'https://elsewhere.example.org' }));
    const missing = await comesBack(fresh, good);
    const refused = await comesBack(fresh, good, (state) => ({ error: 'access_denied', state, iss: provider.issuer }));
    await fresh.close();
    provider.metadata = {};
    expect(mixed.location).toContain('why=failed');
    expect(missing.location).toContain('why=failed');
    expect(refused.location).toContain('why=cancelled');
  });

  const proofs: [string, Record<string, unknown>, Record<string, string>, string | undefined, string | undefined][] = [
    ['a secret, as providers take it at least', {}, { AUTH_CLIENT_SECRET: 's' }, 'Basic YXRzOnM=', undefined],
    [
      'a secret in the form, where the provider says so',
      { token_endpoint_auth_methods_supported: ['client_secret_post'] },
      { AUTH_CLIENT_SECRET: 's' },
      undefined,
      's',
    ],
    ['nothing but PKCE', {}, {}, undefined, undefined],
  ];
  it.each(proofs)('is requested with %s', async (_, metadata, env, authorization, secret) => {
    provider.metadata = metadata;
    const service = await startApp({
      databaseUrl: app.databaseUrl,
      env: { AUTH_CLIENT_SECRET: '', ...provider.env, ...env },
    });
    const { location } = await comesBack(service, (nonce) => provider.sign(claims(nonce)));
    await service.close();
    provider.metadata = {};
    expect(location).toBe('/jobs');
    const asked = provider.asked.at(-1);
    expect([asked?.authorization, asked?.form['client_secret']]).toEqual([authorization, secret]);
    expect(asked?.form).toMatchObject({ code: 'a-code', code_verifier: expect.stringMatching(/^[\w-]{43,}$/) });
  });

  it('is replaced by a redirect with the reason when the provider is unavailable or was never set up', async () => {
    const away = await startApp({
      databaseUrl: app.databaseUrl,
      env: { ...provider.env, AUTH_ISSUER: 'http://127.0.0.1:9', AUTH_CLIENT_SECRET: '' },
    });
    const none = await startApp({ databaseUrl: app.databaseUrl, env: { ...provider.env, AUTH_CLIENT_ID: '' } });
    const window = new BrowserWindow();
    const answers = [
      await window.ask(`${away.url}/auth/sign-in`, 'GET'),
      await window.ask(`${none.url}/auth/sign-in`, 'GET'),
      await window.ask(`${none.url}/auth/callback?code=a&state=b`, 'GET'),
    ];
    await away.close();
    await none.close();
    expect(answers.map(({ headers }) => headers.get('location'))).toEqual([
      '/sign-in?return_to=%2Fjobs&why=unavailable',
      '/sign-in?return_to=%2Fjobs&why=not_set_up',
      '/sign-in?why=failed',
    ]);
  });

  it('counts as a failed sign-in when it is invalid, which limits requests to the provider', async () => {
    const strict = await startApp({
      databaseUrl: app.databaseUrl,
      env: { ...provider.env, FAILED_SIGN_INS_PER_MINUTE: '3' },
    });
    try {
      for (let nth = 0; nth < 3; nth += 1) {
        expect((await comesBack(strict, () => 'a.b.c')).location).toContain('why=failed');
      }
      const next = await new BrowserWindow().ask(`${strict.url}/auth/callback?code=a-code&state=x`, 'GET');
      expect(next.status).toBe(429);
    } finally {
      await strict.close();
    }
  });
});
