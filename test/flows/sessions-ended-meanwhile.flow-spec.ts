import { BrowserWindow, signedInWindow, signInAtProvider } from '../support/browser-window.js';
import { call } from '../support/people.js';
import { ada, eve, startSignInFixture, type SignInFixture } from '../support/sign-in-fixture.js';

const both = 'cleo.adeyemi@both.example.org';
let fixture: SignInFixture;
beforeAll(async () => {
  fixture = await startSignInFixture();
  for (const admin of [ada, eve]) {
    const hers = await signedInWindow(fixture.one, admin);
    const person = { name: 'Cleo', email: both, access_level: 'standard' };
    expect((await hers.api(fixture.one.url, 'POST', '/ats/v0/users', person)).status).toBe(201);
  }
});
afterAll(() => fixture?.close());

/** On the other replica, which is possible in production. */
async function logOut(claims: Record<string, unknown>): Promise<void> {
  const form = new URLSearchParams({ logout_token: await fixture.provider.logoutToken(claims) }).toString();
  const type = { 'content-type': 'application/x-www-form-urlencoded' };
  expect((await call(fixture.two.url, 'POST', '/auth/backchannel-logout', form, type)).status).toBe(200);
}
const alive = async (window: BrowserWindow) => (await window.api(fixture.two.url, 'GET', '/ats/v0/me')).status === 200;

/** The provider's session of that browser, read from the newest session here. */
async function sidOf(email: string): Promise<string> {
  const [row] = await fixture.sql(`
    select provider_session_id as sid from access.session where subject = '${email}' order by created_at desc limit 1`);
  return String(row?.['sid']);
}

describe('A logout at the provider that comes while a code is being exchanged', () => {
  /** A browser that is signed in at the provider comes back from there while the given action runs. */
  async function comingBack(window: BrowserWindow, meanwhile: () => Promise<void>): Promise<string> {
    const exchange = fixture.provider.holdExchange();
    const back = window.open(`${fixture.one.url}/auth/sign-in`);
    await exchange.came;
    await meanwhile();
    exchange.letGo();
    return (await back).url;
  }

  it.each(['sub', 'sid', 'both'])('prevents the session when it names %s', async (named) => {
    const window = await signedInWindow(fixture.one, ada);
    const sid = await sidOf(ada);
    const claims = { sub: { sub: ada }, sid: { sid }, both: { sub: ada, sid } }[named] ?? {};
    expect(await comingBack(window, () => logOut(claims))).toContain('why=failed');
    expect(await alive(window)).toBe(false);
    // The next sign-in begins after the logout, so the provider's answer is valid again.
    await window.open(`${fixture.one.url}/auth/sign-in`);
    expect(await alive(window)).toBe(true);
  });

  it('affects no other user, and no other session of the same user', async () => {
    const window = await signedInWindow(fixture.one, ada);
    const url = await comingBack(window, async () => {
      await logOut({ sub: eve });
      await logOut({ sub: eve, sid: await sidOf(ada) });
      await logOut({ sub: ada, sid: 'another session of hers' });
    });
    expect(url).toBe(`${fixture.one.url}/jobs`);
    expect(await alive(window)).toBe(true);
  });

  it('does not affect a user who authenticated after it', async () => {
    const window = await signedInWindow(fixture.one, ada);
    const aMinuteAgo = Math.floor(Date.now() / 1000) - 60;
    await comingBack(window, () => logOut({ sub: ada, iat: aMinuteAgo }));
    expect(await alive(window)).toBe(true);
  });
});

describe('A logout at the provider that comes while the user signs in there', () => {
  it('prevents the session', async () => {
    const window = await signedInWindow(fixture.one, ada);
    const left = await window.ask(`${fixture.one.url}/auth/sign-in`, 'GET');
    await logOut({ sub: ada });
    const back = await window.open(left.headers.get('location') ?? '');
    expect(back.url).toContain('why=failed');
    expect(await alive(window)).toBe(false);
  });
});

describe('A sign-in that began at a replica with a wrong clock', () => {
  const here = Date.now;
  afterEach(() => {
    Date.now = here;
  });

  async function beganAt(wrongMs: number): Promise<{ window: BrowserWindow; address: string }> {
    const window = await signedInWindow(fixture.one, ada);
    Date.now = () => here() + wrongMs;
    const left = await window.ask(`${fixture.one.url}/auth/sign-in`, 'GET');
    Date.now = here;
    return { window, address: left.headers.get('location') ?? '' };
  }

  it.each([-660_000, 660_000])('completes with a clock that is wrong by %d ms', async (wrongMs) => {
    const { window, address } = await beganAt(wrongMs);
    expect((await window.open(address)).url).toBe(`${fixture.one.url}/jobs`);
    expect(await alive(window)).toBe(true);
  });

  it('is ended by a logout that comes while the user is at the provider', async () => {
    const { window, address } = await beganAt(660_000);
    await logOut({ sub: ada });
    expect((await window.open(address)).url).toContain('why=failed');
    expect(await alive(window)).toBe(false);
  });
});

describe('A user who is choosing a team', () => {
  const teams = (window: BrowserWindow) => window.api<{ id: string }[]>(fixture.one.url, 'GET', '/auth/teams');
  const choosing = async () => {
    const window = new BrowserWindow();
    await signInAtProvider(window, `${fixture.one.url}/auth/sign-in`, both);
    const { body } = await teams(window);
    return { window, choose: () => window.api(fixture.one.url, 'POST', '/auth/teams', { team_id: body[0]?.id }) };
  };

  it('cannot continue after signing out, with or without a session', async () => {
    const { window, choose } = await choosing();
    const signOut = () => window.api(fixture.one.url, 'POST', '/auth/sign-out');
    expect((await signOut()).status).toBe(200);
    expect((await teams(window)).status).toBe(401);
    await window.open(`${fixture.one.url}/auth/sign-in`);
    expect((await choose()).status).toBe(200);
    await window.open(`${fixture.one.url}/auth/sign-in`);
    expect((await teams(window)).status).toBe(200);
    await signOut();
    expect([(await teams(window)).status, (await choose()).status, await alive(window)]).toEqual([401, 401, false]);
  });

  it('is not signed out by a foreign page', async () => {
    const { window, choose } = await choosing();
    const headers = { ...window.cookieHeader(), 'sec-fetch-site': 'cross-site' };
    expect((await fetch(`${fixture.one.url}/auth/sign-out`, { method: 'POST', headers })).status).toBe(403);
    expect((await choose()).status).toBe(200);
  });

  it('is refused when the provider has ended their sign-in meanwhile', async () => {
    const { window, choose } = await choosing();
    await logOut({ sub: both });
    const refused = await choose();
    expect([refused.status, refused.body['reason']]).toEqual([401, 'session_ended']);
    expect((await teams(window)).status).toBe(401);
    expect(await alive(window)).toBe(false);
  });
});
