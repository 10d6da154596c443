import { type BrowserWindow, signedInWindow } from '../support/browser-window.js';
import { eventually } from '../support/eventually.js';
import { ada, eve, startSignInFixture, type SignInFixture } from '../support/sign-in-fixture.js';
import { UpdateListener } from '../support/update-listener.js';

let fixture: SignInFixture;
let colleagues = 0;
beforeAll(async () => {
  fixture = await startSignInFixture();
});
afterAll(() => fixture?.close());

/** Much less than the 15 seconds after which a stream checks on its own. */
const atOnceMs = 3_000;

describe('Signing out', () => {
  it('ends the session on every replica, and a copied cookie is invalid', async () => {
    const window = await signedInWindow(fixture.one, ada);
    const copied = window.copy();
    const left = await window.api(fixture.one.url, 'POST', '/auth/sign-out');
    expect(left.status).toBe(200);
    expect(window.cookies.has('ats_session')).toBe(false);
    for (const app of [fixture.one, fixture.two]) {
      const answer = await copied.api(app.url, 'GET', '/ats/v0/me');
      expect(answer.status).toBe(401);
      expect(answer.body).toMatchObject({ reason: 'session_ended' });
    }
    expect(await fixture.sql('select 1 from access.session')).toHaveLength(0);
  });

  it('returns the address where the provider ends its own session, without any token in it', async () => {
    const window = await signedInWindow(fixture.one, ada);
    const { body } = await window.api<{ provider_url: string }>(fixture.one.url, 'POST', '/auth/sign-out');
    const url = new URL(body.provider_url);
    expect(url.origin).toBe(fixture.provider.issuer);
    expect(Object.fromEntries(url.searchParams)).toEqual({
      client_id: 'ats-console',
      post_logout_redirect_uri: `${fixture.one.url}/sign-in`,
    });
  });

  it('leaves the other browsers of the same user signed in', async () => {
    const phone = await signedInWindow(fixture.one, ada);
    const desk = await signedInWindow(fixture.one, ada);
    await phone.api(fixture.one.url, 'POST', '/auth/sign-out');
    expect((await desk.api(fixture.one.url, 'GET', '/ats/v0/me')).status).toBe(200);
  });

  it('ends the updates of that session at once, also on another replica, and no others', async () => {
    const leaving = await signedInWindow(fixture.one, ada);
    const staying = await signedInWindow(fixture.one, ada);
    const hers = await listening(leaving);
    const other = await listening(staying);
    await leaving.api(fixture.one.url, 'POST', '/auth/sign-out');
    await eventually('the stream has ended', async () => hers.ended, Boolean, atOnceMs);
    expect(other.ended).toBe(false);
    other.close();
  });

  it('works when the provider is unavailable or the session ended before', async () => {
    const window = await signedInWindow(fixture.one, ada);
    const again = window.copy();
    await window.api(fixture.one.url, 'POST', '/auth/sign-out');
    expect((await again.api(fixture.two.url, 'POST', '/auth/sign-out')).status).toBe(200);
    expect(again.cookies.has('ats_session')).toBe(false);
  });
});

describe('An admin ends the sessions of another user', () => {
  const changes: [string, Record<string, unknown>][] = [
    ['by disabling the user', { disabled: true }],
    ['by changing the external id', { external_id: 'another-person-at-the-provider' }],
  ];
  it.each(changes)('at once on every replica %s', async (_, change) => {
    const { id, window } = await aColleague();
    const stream = await listening(window);
    const admin = await signedInWindow(fixture.one, ada);
    expect((await admin.api(fixture.one.url, 'PATCH', `/ats/v0/users/${id}`, change)).status).toBe(200);
    await eventually('the stream has ended', async () => stream.ended, Boolean, atOnceMs);
    for (const app of [fixture.one, fixture.two])
      expect((await window.api(app.url, 'GET', '/ats/v0/me')).status).toBe(401);
  });

  it('for good: a user who is enabled again must sign in again', async () => {
    const { id, window } = await aColleague();
    const admin = await signedInWindow(fixture.one, ada);
    await admin.api(fixture.one.url, 'PATCH', `/ats/v0/users/${id}`, { disabled: true });
    await admin.api(fixture.one.url, 'PATCH', `/ats/v0/users/${id}`, { disabled: false });
    expect((await window.api(fixture.two.url, 'GET', '/ats/v0/me')).status).toBe(401);
  });

  it('but not by changing the name or address, or by granting more rights', async () => {
    const { id, window } = await aColleague();
    const admin = await signedInWindow(fixture.one, ada);
    await admin.api(fixture.one.url, 'PATCH', `/ats/v0/users/${id}`, {
      name: 'Grace',
      access_level: 'admin',
      email: `grace-${id}@juniper.example.org`,
    });
    expect((await window.api(fixture.two.url, 'GET', '/ats/v0/me')).body).toMatchObject({ name: 'Grace' });
  });

  it('only within their own team', async () => {
    const { id, window } = await aColleague();
    const stranger = await signedInWindow(fixture.one, eve);
    const answer = await stranger.api(fixture.one.url, 'PATCH', `/ats/v0/users/${id}`, { disabled: true });
    expect(answer.status).toBe(404);
    expect((await window.api(fixture.two.url, 'GET', '/ats/v0/me')).status).toBe(200);
  });
});

it('The audit log records who signed in and out', async () => {
  const window = await signedInWindow(fixture.one, ada);
  await window.api(fixture.one.url, 'POST', '/auth/sign-out');
  const reader = await signedInWindow(fixture.one, ada);
  const { body } = await reader.api<{ action: string }[]>(fixture.one.url, 'GET', '/ats/v0/audit_log?per_page=3');
  expect(body.map(({ action }) => action)).toEqual(['session.start', 'session.end', 'session.start']);
});

async function aColleague(): Promise<{ id: string; window: BrowserWindow }> {
  colleagues += 1;
  const email = `colleague-${colleagues}@juniper.example.org`;
  const admin = await signedInWindow(fixture.one, ada);
  const person = { name: 'Colleague', email, access_level: 'standard' };
  const { body } = await admin.api<{ id: string }>(fixture.one.url, 'POST', '/ats/v0/users', person);
  return { id: body.id, window: await signedInWindow(fixture.one, email) };
}

/** On the replica that did not serve the sign-out. */
const listening = (window: BrowserWindow) => UpdateListener.at(fixture.two.url, window.cookieHeader());
