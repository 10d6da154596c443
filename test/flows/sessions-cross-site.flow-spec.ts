import { type BrowserWindow, signedInWindow } from '../support/browser-window.js';
import { call } from '../support/people.js';
import { ada, startSignInFixture, type SignInFixture } from '../support/sign-in-fixture.js';

const friend = 'https://hr.example.org';
const job = JSON.stringify({ name: 'Forged' });
const json = 'application/json';

type Headers = Record<string, string>;

/** Requests that foreign pages can make a browser send, with the cookie. Each lacks something that only our own pages have. */
const forgeries: [string, Headers][] = [
  ['a form of another site', { 'content-type': 'text/plain', origin: 'https://evil.example.org' }],
  [
    'a form of another site, in a browser that says so',
    { 'content-type': 'application/x-www-form-urlencoded', 'sec-fetch-site': 'cross-site', origin: 'null' },
  ],
  ['a script of another site', { 'content-type': json, 'sec-fetch-site': 'cross-site', origin: friend }],
  [
    'a script of another site that was let send our header',
    { 'content-type': json, 'x-csrf-protection': '1', 'sec-fetch-site': 'cross-site', origin: friend },
  ],
  [
    'a script of a neighbouring subdomain',
    { 'content-type': json, 'x-csrf-protection': '1', 'sec-fetch-site': 'same-site', origin: friend },
  ],
  ['an old browser on another origin', { 'content-type': json, 'x-csrf-protection': '1', origin: friend }],
  ['a page without an origin', { 'content-type': json, 'x-csrf-protection': '1', origin: 'null' }],
  ['something that does not say where it comes from', { 'content-type': json, 'x-csrf-protection': '1' }],
  ['our own page without the header', { 'content-type': json, 'sec-fetch-site': 'same-origin' }],
  [
    'a body that forms can send',
    { 'content-type': 'text/plain', 'x-csrf-protection': '1', 'sec-fetch-site': 'same-origin' },
  ],
];

describe('Requests with a session cookie', () => {
  let fixture: SignInFixture;
  let window: BrowserWindow;
  beforeAll(async () => {
    fixture = await startSignInFixture({ CORS_ORIGINS: friend });
    window = await signedInWindow(fixture.one, ada);
  });
  afterAll(() => fixture?.close());

  const send = (method: string, path: string, headers: Headers, body?: string) =>
    call(fixture.one.url, method, path, body, { ...window.cookieHeader(), ...headers });
  const jobs = async () => (await window.api<unknown[]>(fixture.one.url, 'GET', '/ats/v0/jobs')).body.length;

  it.each(forgeries)('have no effect: %s', async (_, headers) => {
    const before = await jobs();
    const answer = await send('POST', '/ats/v0/jobs', headers, job);
    expect([403, 415]).toContain(answer.status);
    expect(await jobs()).toBe(before);
    const imported = await send('POST', '/ats/v0/imports', { ...headers, 'content-type': 'application/x-ndjson' }, job);
    if (headers['content-type'] === json) expect(imported.status).toBe(403);
    expect(await jobs()).toBe(before);
  });

  it.each(forgeries)('sign no user out: %s', async (_, headers) => {
    const { 'content-type': _type, ...others } = headers;
    if (headers['content-type'] !== json) return expectRefusal(await send('POST', '/auth/sign-out', headers, 'x'));
    expectRefusal(await send('POST', '/auth/sign-out', others));
    expect((await window.api(fixture.one.url, 'GET', '/ats/v0/me')).status).toBe(200);
  });

  it('take effect from our own page', async () => {
    const before = await jobs();
    expect((await window.api(fixture.one.url, 'POST', '/ats/v0/jobs', { name: 'Real' })).status).toBe(201);
    expect(await jobs()).toBe(before + 1);
  });

  it('are accepted by origin where the browser sends nothing else (plain http)', async () => {
    const headers = { 'content-type': json, 'x-csrf-protection': '1', origin: fixture.one.url };
    expect((await send('POST', '/ats/v0/jobs', headers, job)).status).toBe(201);
  });

  it.each(['cross-site', 'same-site'])(
    'open no report for another site, because a read is audited (%s)',
    async (site) => {
      const answer = await send('GET', '/ats/v0/me', { 'sec-fetch-site': site });
      expect(answer.status).toBe(403);
      expect(answer.body).toMatchObject({ reason: 'cross_site_request' });
    },
  );

  it('ignore the cookie from allowed origins, which may not send our header', async () => {
    const asks = { origin: friend, 'access-control-request-method': 'POST' };
    const preflight = await call(fixture.one.url, 'OPTIONS', '/ats/v0/jobs', undefined, {
      ...asks,
      'access-control-request-headers': 'x-csrf-protection',
    });
    expect(preflight.headers.get('access-control-allow-origin')).toBe(friend);
    expect(preflight.headers.get('access-control-allow-headers')).not.toMatch(/csrf/i);
    expect(preflight.headers.has('access-control-allow-credentials')).toBe(false);
  });

  it('have no effect as GET: it does not sign out', async () => {
    for (const path of ['/auth/sign-out', '/auth/backchannel-logout']) {
      expect((await send('GET', path, {})).status).toBe(405);
    }
    expect((await window.api(fixture.one.url, 'GET', '/ats/v0/me')).status).toBe(200);
  });
});

function expectRefusal({ status }: { status: number }): void {
  expect([403, 415]).toContain(status);
}
