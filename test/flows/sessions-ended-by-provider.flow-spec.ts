import { generateKeyPairSync } from 'node:crypto';
import { type BrowserWindow, signedInWindow } from '../support/browser-window.js';
import { eventually } from '../support/eventually.js';
import { call } from '../support/people.js';
import { ada, eve, startSignInFixture, type SignInFixture } from '../support/sign-in-fixture.js';
import { UpdateListener } from '../support/update-listener.js';

let fixture: SignInFixture;
beforeAll(async () => {
  fixture = await startSignInFixture();
});
afterAll(() => fixture?.close());

const logOut = (token: string, url = fixture.one.url) => {
  const form = new URLSearchParams({ logout_token: token, something: 'that we do not know' }).toString();
  const type = { 'content-type': 'application/x-www-form-urlencoded' };
  return call<{ reason: string }>(url, 'POST', '/auth/backchannel-logout', form, type);
};
const alive = async (window: BrowserWindow) => (await window.api(fixture.two.url, 'GET', '/ats/v0/me')).status === 200;

async function sidOf(email: string): Promise<string> {
  const [row] = await fixture.sql(`
    select provider_session_id as sid from access.session where subject = '${email}' order by created_at desc limit 1`);
  return String(row?.['sid']);
}

describe('Back-channel logout', () => {
  it('of a user ends all their sessions and streams on every replica, and no others', async () => {
    const phone = await signedInWindow(fixture.one, ada);
    const desk = await signedInWindow(fixture.one, ada);
    const other = await signedInWindow(fixture.one, eve);
    const stream = await UpdateListener.at(fixture.two.url, desk.cookieHeader());
    const answer = await logOut(await fixture.provider.logoutToken({ sub: ada }));
    expect(answer.status).toBe(200);
    expect(answer.headers.get('cache-control')).toBe('no-store');
    await eventually('the stream has ended', async () => stream.ended, Boolean, 3_000);
    expect([await alive(phone), await alive(desk), await alive(other)]).toEqual([false, false, true]);
  });

  it('of one provider session ends the sessions that are based on it', async () => {
    const phone = await signedInWindow(fixture.one, ada);
    const sid = await sidOf(ada);
    const desk = await signedInWindow(fixture.one, ada);
    expect((await logOut(await fixture.provider.logoutToken({ sid }))).status).toBe(200);
    expect([await alive(phone), await alive(desk)]).toEqual([false, true]);
  });

  it('ends nothing when the session belongs to another user', async () => {
    const window = await signedInWindow(fixture.one, ada);
    const sid = await sidOf(ada);
    expect((await logOut(await fixture.provider.logoutToken({ sub: eve, sid }))).status).toBe(200);
    expect(await alive(window)).toBe(true);
  });

  it('comes from the provider when a user signs out there', async () => {
    const window = await signedInWindow(fixture.one, ada);
    const { body } = await window.api<{ provider_url: string }>(fixture.two.url, 'POST', '/auth/sign-out');
    // Another browser that shares the provider's session still has it.
    const copied = await sharing(window);
    const confirm = await window.open(body.provider_url);
    const [, xsrf = ''] = /name="xsrf" value="([^"]+)"/.exec(confirm.body) ?? [];
    await window.open(`${fixture.provider.issuer}/session/end/confirm`, { xsrf, logout: 'yes' });
    await eventually(
      'the session has ended',
      () => alive(copied),
      (stillAlive) => !stillAlive,
    );
  });

  const { privateKey: foreignKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const now = Math.floor(Date.now() / 1000);
  const hour = 3600;
  const refused: [string, () => Promise<string> | string][] = [
    ['another key', () => fixture.provider.logoutToken({ sub: ada }, foreignKey)],
    ['another issuer', () => fixture.provider.logoutToken({ sub: ada, iss: 'https://elsewhere.example.org' })],
    ['another client', () => fixture.provider.logoutToken({ sub: ada, aud: 'another-client' })],
    ['no audience', () => fixture.provider.logoutToken({ sub: ada, aud: undefined })],
    ['an old one', () => fixture.provider.logoutToken({ sub: ada, iat: now - hour, exp: now + hour })],
    ['an expired one', () => fixture.provider.logoutToken({ sub: ada, iat: now - 200, exp: now - 100 })],
    ['one of tomorrow', () => fixture.provider.logoutToken({ sub: ada, iat: now + 24 * hour, exp: now + 25 * hour })],
    ['no time', () => fixture.provider.logoutToken({ sub: ada, iat: undefined })],
    ['no id', () => fixture.provider.logoutToken({ sub: ada, jti: undefined })],
    ['no event', () => fixture.provider.logoutToken({ sub: ada, events: undefined })],
    ['another event', () => fixture.provider.logoutToken({ sub: ada, events: { 'http://example.org/other': {} } })],
    ['an ID token: it has a nonce', () => fixture.provider.logoutToken({ sub: ada, nonce: 'abc' })],
    ['a token that names no one', () => fixture.provider.logoutToken({})],
    ['nonsense', () => 'a.b.c'],
  ];
  it.each(refused)('is refused with 400 and ends nothing: %s', async (_, token) => {
    const window = await signedInWindow(fixture.one, ada);
    const answer = await logOut(await token());
    expect(answer.status).toBe(400);
    expect(answer.body).toMatchObject({ code: 400, reason: 'malformed_request', errors: {} });
    expect(await alive(window)).toBe(true);
  });

  it('accepts each token once, across all replicas', async () => {
    const token = await fixture.provider.logoutToken({ sub: ada });
    expect((await logOut(token)).status).toBe(200);
    const window = await signedInWindow(fixture.one, ada);
    expect((await logOut(token, fixture.two.url)).status).toBe(400);
    expect(await alive(window)).toBe(true);
  });

  it('refuses a form that is far larger than any logout token before it is parsed', async () => {
    const type = { 'content-type': 'application/x-www-form-urlencoded' };
    const form = 'a=&'.repeat(100_000);
    const { status, body } = await call<{ reason: string }>(
      fixture.one.url,
      'POST',
      '/auth/backchannel-logout',
      form,
      type,
    );
    expect([status, body.reason]).toEqual([413, 'too_large']);
  });

  it.each(['', 'x=y', 'logout_token=a&logout_token=b'])(
    'refuses a form that does not hold exactly one token: "%s"',
    async (form) => {
      const type = { 'content-type': 'application/x-www-form-urlencoded' };
      expect((await call(fixture.one.url, 'POST', '/auth/backchannel-logout', form, type)).status).toBe(400);
    },
  );
});

/** Another tab of the same browser signs in again. The provider's session is the same. */
async function sharing(window: BrowserWindow): Promise<BrowserWindow> {
  await window.open(`${fixture.one.url}/auth/sign-in`);
  expect(await alive(window)).toBe(true);
  return window.copy();
}
