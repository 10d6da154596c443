import { BrowserWindow, signedInWindow, signInAtProvider } from '../support/browser-window.js';
import { eventually } from '../support/eventually.js';
import { type Answer } from '../support/people.js';
import { ada, startSignInFixture, type SignInFixture } from '../support/sign-in-fixture.js';

const nothing = '0199aaaa-0000-7000-8000-000000000000';

describe('Sensitive actions require a recent sign-in', () => {
  let fixture: SignInFixture;
  let window: BrowserWindow;
  beforeAll(async () => {
    fixture = await startSignInFixture({ RECENT_SIGN_IN_MINUTES: '30' });
    window = await signedInWindow(fixture.one, ada);
  });
  afterAll(() => fixture?.close());

  const signedInMinutesAgo = (minutes: number) =>
    fixture.sql(`update access.session set authenticated_at = now() - interval '${minutes} minutes'`);

  const acts: [string, () => Promise<Answer>][] = [
    ['changing the connection', () => window.api(fixture.one.url, 'PUT', '/ats/v0/integrations/certn', {})],
    ['disabling the connection', () => window.api(fixture.one.url, 'DELETE', '/ats/v0/integrations/certn')],
  ];

  it.each(acts)('%s', async (_, act) => {
    await signedInMinutesAgo(29);
    expect((await act()).status).not.toBe(403);
    await signedInMinutesAgo(31);
    const answer = await act();
    expect(answer.status).toBe(403);
    expect(answer.body).toMatchObject({ reason: 'recent_sign_in_required', message: expect.stringContaining('again') });
  });

  it('after the check that the report exists: otherwise the answer is 404', async () => {
    await signedInMinutesAgo(31);
    const answer = await window.api(fixture.one.url, 'GET', `/ats/v0/background_checks/${nothing}/results`);
    expect(answer.status).toBe(404);
  });

  it('while all other actions need none', async () => {
    await signedInMinutesAgo(31);
    expect((await window.api(fixture.one.url, 'GET', '/ats/v0/integrations/certn')).status).toBe(200);
    expect((await window.api(fixture.one.url, 'POST', '/ats/v0/jobs', { name: 'Job' })).status).toBe(201);
  });

  it('which the provider confirms with the password, and then the action succeeds', async () => {
    await signedInMinutesAgo(31);
    const signInUrl = `${fixture.one.url}/auth/sign-in?max_age=0&return_to=/admin/integrations`;
    // The provider counts whole seconds. A sign-in in the current second counts as new.
    const again = await eventually(
      'the provider asks',
      () => window.open(signInUrl),
      ({ url }) => url.includes('/interaction/'),
    );
    const there = await window.open(again.url, { prompt: 'login', login: ada, password: 'anything' });
    expect(there.url).toBe(`${fixture.one.url}/admin/integrations`);
    expect((await window.api(fixture.one.url, 'DELETE', '/ats/v0/integrations/certn')).status).toBe(204);
  });

  it('for which an old session at the provider does not count', async () => {
    const later = new BrowserWindow();
    await signInAtProvider(later, `${fixture.one.url}/auth/sign-in`, ada);
    const [first] = await fixture.sql('select max(authenticated_at) as at from access.session');
    await later.open(`${fixture.one.url}/auth/sign-in`);
    const rows = await fixture.sql(
      'select authenticated_at as at from access.session order by created_at desc limit 1',
    );
    expect(rows[0]?.['at']).toEqual(first?.['at']);
  });
});

describe('RECENT_SIGN_IN_MINUTES=0', () => {
  it('switches the requirement off', async () => {
    const fixture = await startSignInFixture({ RECENT_SIGN_IN_MINUTES: '0' });
    const window = await signedInWindow(fixture.one, ada);
    await fixture.sql(`update access.session set authenticated_at = now() - interval '11 hours'`);
    const answer = await window.api(fixture.one.url, 'DELETE', '/ats/v0/integrations/certn');
    await fixture.close();
    expect(answer.status).toBe(204);
  });
});
