import { BrowserWindow, signedInWindow, signInAtProvider } from '../support/browser-window.js';
import { ada, eve, startSignInFixture, type SignInFixture } from '../support/sign-in-fixture.js';

const both = 'cleo.adeyemi@both.example.org';

describe('A person who is a user of two teams', () => {
  let fixture: SignInFixture;
  let window: BrowserWindow;
  beforeAll(async () => {
    fixture = await startSignInFixture();
    for (const admin of [ada, eve]) {
      const person = { name: `Cleo, listed by ${admin}`, email: both, access_level: 'standard' };
      const hers = await signedInWindow(fixture.one, admin);
      expect((await hers.api(fixture.one.url, 'POST', '/ats/v0/users', person)).status).toBe(201);
    }
    window = new BrowserWindow();
  });
  afterAll(() => fixture?.close());

  const teams = () => window.api<{ id: string; name: string }[]>(fixture.one.url, 'GET', '/auth/teams');

  it('chooses a team after the provider, and is not signed in until then', async () => {
    const start = `${fixture.one.url}/auth/sign-in?return_to=/candidates`;
    const there = await signInAtProvider(window, start, both);
    expect(there.url).toBe(`${fixture.one.url}/sign-in?return_to=%2Fcandidates&why=choose_team`);
    expect(window.cookies.has('ats_session')).toBe(false);
    expect((await teams()).body.map(({ name }) => name)).toEqual(['Juniper Works', 'Elsewhere']);
  });

  it('cannot choose a team that does not list them, and not from a foreign page', async () => {
    const [team] = await fixture.sql(
      `insert into access.team values (gen_random_uuid(), 'Third', now()) returning team_id`,
    );
    const third = await window.api(fixture.one.url, 'POST', '/auth/teams', { team_id: team?.['team_id'] });
    expect(third.status).toBe(422);
    const forged = await fetch(`${fixture.one.url}/auth/teams`, {
      method: 'POST',
      headers: { ...window.cookieHeader(), 'content-type': 'application/json', 'sec-fetch-site': 'cross-site' },
      body: JSON.stringify({ team_id: (await teams()).body[0]?.id }),
    });
    expect(forged.status).toBe(403);
    expect(window.cookies.has('ats_session')).toBe(false);
  });

  it('is signed in to the chosen team, and can choose another at the next sign-in', async () => {
    const { body } = await teams();
    const chosen = await window.api(fixture.one.url, 'POST', '/auth/teams', { team_id: body[1]?.id });
    expect(chosen.body).toEqual({ return_to: '/candidates' });
    const me = await window.api(fixture.two.url, 'GET', '/ats/v0/me');
    expect(me.body).toMatchObject({ team: { name: 'Elsewhere' } });
    expect((await teams()).status).toBe(401);
    const admin = await signedInWindow(fixture.one, eve);
    const log = `/ats/v0/audit_log?actor_id=${String(me.body['id'])}&action=session.start`;
    expect((await admin.api<unknown[]>(fixture.one.url, 'GET', log)).body).toHaveLength(1);
    // If the first choice were kept, they could never follow the invitation of their real team.
    const again = await window.open(`${fixture.one.url}/auth/sign-in`);
    expect(again.url).toBe(`${fixture.one.url}/sign-in?return_to=%2Fjobs&why=choose_team`);
    const other = await window.api(fixture.one.url, 'POST', '/auth/teams', { team_id: body[0]?.id });
    expect(other.status).toBe(200);
    expect((await window.api(fixture.two.url, 'GET', '/ats/v0/me')).body).toMatchObject({
      team: { name: 'Juniper Works' },
    });
  });

  it('gets no choice without proof of identity', async () => {
    const stranger = new BrowserWindow();
    expect((await stranger.api(fixture.one.url, 'GET', '/auth/teams')).status).toBe(401);
    stranger.cookies.set('ats_choosing_team', 'test.made-up');
    expect((await stranger.api(fixture.one.url, 'GET', '/auth/teams')).status).toBe(401);
  });
});
