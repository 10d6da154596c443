import { startApp } from '../support/app.js';
import { BrowserWindow, signedInWindow, signInAtProvider } from '../support/browser-window.js';
import { everyRow } from '../support/every-row.js';
import { ada, eve, startSignInFixture, type SignInFixture } from '../support/sign-in-fixture.js';

const cookie = 'ats_session';
let fixture: SignInFixture;
beforeAll(async () => {
  fixture = await startSignInFixture();
});
afterAll(() => fixture?.close());

describe('Signing in with a browser', () => {
  it('leads to the provider and back to the requested page, with a cookie that scripts cannot read', async () => {
    const window = new BrowserWindow();
    const there = await signInAtProvider(
      window,
      `${fixture.one.url}/auth/sign-in?return_to=/candidates%3Fsearch=ines`,
      ada,
    );
    expect(there.url).toBe(`${fixture.one.url}/candidates?search=ines`);
    const [line] = window.set.filter((set) => set.startsWith(`${cookie}=`));
    expect(line).toMatch(/^ats_session=[\w-]{43}; Path=\/; HttpOnly; SameSite=Lax$/);
    for (const app of [fixture.one, fixture.two]) {
      const me = await window.api(app.url, 'GET', '/ats/v0/me');
      expect(me.body).toMatchObject({ name: 'Ada Moreno', email: ada });
    }
    expect(fixture.provider.asked.at(-1)).toMatchObject({ response_type: 'code', code_challenge_method: 'S256' });
    expect(fixture.provider.asked.at(-1)).toMatchObject({ state: expect.any(String), nonce: expect.any(String) });
  });

  it('stores nothing in the database that could sign a user in, and no token of the provider', async () => {
    const window = await signedIn();
    const rows = await everyRow(fixture.one.databaseUrl);
    expect(rows).toContain('access.session');
    const token = window.cookies.get(cookie) ?? '';
    for (const form of [token, hexOf(Buffer.from(token)), hexOf(Buffer.from(token, 'base64url'))]) {
      expect(rows).not.toContain(form);
    }
    expect(rows).not.toMatch(/eyJ[\w-]+\.eyJ/);
  });

  it('gives a new cookie each time, and invalidates the previous one', async () => {
    const window = await signedIn();
    const before = window.copy();
    await window.open(`${fixture.one.url}/auth/sign-in`);
    expect(window.cookies.get(cookie)).not.toBe(before.cookies.get(cookie));
    expect((await window.api(fixture.two.url, 'GET', '/ats/v0/me')).status).toBe(200);
    const refused = await before.api(fixture.two.url, 'GET', '/ats/v0/me');
    expect(refused.status).toBe(401);
    expect(refused.body).toMatchObject({ reason: 'session_ended' });
  });

  it('redirects only to pages of the console', async () => {
    for (const elsewhere of [
      'https://evil.example.org/',
      '//evil.example.org',
      '/\\evil.example.org',
      '/x/..//evil.example',
    ]) {
      const window = new BrowserWindow();
      const there = await signInAtProvider(
        window,
        `${fixture.one.url}/auth/sign-in?return_to=${encodeURIComponent(elsewhere)}`,
        ada,
      );
      expect(there.url).toBe(`${fixture.one.url}/jobs`);
    }
  });

  it('sends an unknown user back without a session and with the reason', async () => {
    const window = new BrowserWindow();
    const there = await signInAtProvider(window, `${fixture.one.url}/auth/sign-in`, 'nobody@elsewhere.example.org');
    expect(there.url).toBe(`${fixture.one.url}/sign-in?return_to=%2Fjobs&why=unknown`);
    expect(window.cookies.has(cookie)).toBe(false);
  });

  it('completes only in the browser that began it: a link with another user’s code signs no user in', async () => {
    const attacker = new BrowserWindow();
    const login = await attacker.open(`${fixture.one.url}/auth/sign-in`);
    const form = { prompt: 'login', login: eve, password: 'anything' };
    const consent = await attacker.open(login.url, form);
    const callback = await upToTheCallback(attacker, consent.url);
    const victim = new BrowserWindow();
    const there = await victim.open(callback);
    expect(there.url).toContain('/sign-in?why=failed');
    expect(victim.cookies.has(cookie)).toBe(false);
  });

  it('completes once: opening the same address again signs no user in', async () => {
    const window = new BrowserWindow();
    const login = await window.open(`${fixture.one.url}/auth/sign-in`);
    const consent = await window.open(login.url, { prompt: 'login', login: ada, password: 'anything' });
    const callback = await upToTheCallback(window, consent.url);
    const copied = window.copy();
    expect((await window.open(callback)).url).toBe(`${fixture.one.url}/jobs`);
    const again = await copied.open(callback);
    expect(again.url).toContain('why=failed');
    expect(copied.cookies.has(cookie)).toBe(false);
  });

  it('works in three tabs at a time, each with its own target page', async () => {
    const window = new BrowserWindow();
    const tabs: string[] = [];
    for (const page of ['/jobs', '/candidates', '/background_checks']) {
      tabs.push(
        (await window.ask(`${fixture.one.url}/auth/sign-in?return_to=${page}`, 'GET')).headers.get('location') ?? '',
      );
    }
    await signInAtProvider(window, tabs[0] ?? '', ada);
    expect((await window.open(tabs[1] ?? '')).url).toBe(`${fixture.one.url}/candidates`);
    expect((await window.open(tabs[2] ?? '')).url).toBe(`${fixture.one.url}/background_checks`);
  });

  it('binds the cookie to this host behind https', async () => {
    const env = { ...fixture.provider.env, PUBLIC_URL: 'https://ats.example.org' };
    const secure = await startApp({ databaseUrl: fixture.one.databaseUrl, env });
    const window = new BrowserWindow();
    await window.ask(`${secure.url}/auth/sign-in`, 'GET');
    await secure.close();
    expect(window.set[0]).toMatch(/^__Host-ats_signing_in=.*; Path=\/; HttpOnly; Secure; SameSite=Lax$/);
  });
});

describe('A session', () => {
  it('ends after an hour without use, and is extended by use', async () => {
    const window = await signedIn();
    await lastSeen('59 minutes');
    expect((await window.api(fixture.one.url, 'GET', '/ats/v0/me')).status).toBe(200);
    expect(await secondsSinceSeen()).toBeLessThan(30);
    await lastSeen('61 minutes');
    expect((await window.api(fixture.one.url, 'GET', '/ats/v0/me')).body).toMatchObject({ reason: 'session_ended' });
  });

  it('ends after twelve hours, even when it is in use', async () => {
    const window = await signedIn();
    await fixture.sql(`update access.session set ends_at = ends_at - interval '12 hours'`);
    expect((await window.api(fixture.two.url, 'GET', '/ats/v0/me')).status).toBe(401);
  });

  it('is ignored beside a bearer token, which was sent explicitly', async () => {
    const window = await signedIn();
    const headers = { ...window.cookieHeader(), authorization: 'Bearer a.b.c', 'sec-fetch-site': 'same-origin' };
    const answer = await fetch(`${fixture.one.url}/ats/v0/me`, { headers });
    expect(answer.status).toBe(401);
    expect(await answer.json()).toMatchObject({ reason: 'unauthenticated' });
  });

  it('does not exist for a made-up cookie', async () => {
    const window = new BrowserWindow();
    for (const value of ['x', 'A'.repeat(43), "';--", '%00', 'A'.repeat(4000)]) {
      window.cookies.set(cookie, value);
      expect((await window.api(fixture.one.url, 'GET', '/ats/v0/me')).status).toBe(401);
    }
  });
});

const signedIn = () => signedInWindow(fixture.one, ada);

/** Consents at the provider and stops before the browser comes back. */
async function upToTheCallback(window: BrowserWindow, consentUrl: string): Promise<string> {
  let url = consentUrl;
  let answer = await window.ask(url, 'POST', new URLSearchParams({ prompt: 'consent' }));
  while (!url.includes('/auth/callback')) {
    url = new URL(answer.headers.get('location') ?? '', url).href;
    if (!url.includes('/auth/callback')) answer = await window.ask(url, 'GET');
  }
  return url;
}

const hexOf = (bytes: Buffer): string => bytes.toString('hex');

const lastSeen = (ago: string) => fixture.sql(`update access.session set last_seen_at = now() - interval '${ago}'`);

async function secondsSinceSeen(): Promise<number> {
  const [row] = await fixture.sql(
    'select min(extract(epoch from now() - last_seen_at))::float8 as seconds from access.session',
  );
  return Number(row?.['seconds']);
}
