import { type RunningApp, startApp } from '../support/app.js';
import { BrowserWindow } from '../support/browser-window.js';
import { call, signIn } from '../support/people.js';
import { type Sandbox, startSandbox } from '../support/sandbox.js';
import { aSentCheck, completes, connectedTeam, type ConnectedTeam, reaches } from '../support/fixtures.js';
import { testDatabaseClient } from '../support/test-database-client.js';

/** `npm start`: the service is its own identity provider for the demo people. */
describe('A local run', () => {
  let app: RunningApp;
  let sandbox: Sandbox;
  let team: ConnectedTeam;
  beforeAll(async () => {
    sandbox = await startSandbox();
    app = await startApp({ env: { CERTN_BASE_URL: sandbox.url } });
    team = await connectedTeam(app, sandbox);
  });
  afterAll(async () => {
    await app?.close();
    await sandbox?.stop();
  });

  async function signedIn(): Promise<BrowserWindow> {
    const window = new BrowserWindow();
    const answer = await window.api(app.url, 'POST', '/dev/sessions', { user_id: team.admin.id });
    expect([answer.status, answer.body]).toEqual([204, '']);
    return window;
  }

  it('signs a browser in with the same cookie as with a company’s provider, and without a token', async () => {
    const window = await signedIn();
    expect(window.set).toEqual([expect.stringMatching(/^ats_session_\d+=[\w-]{43}; Path=\/; HttpOnly; SameSite=Lax$/)]);
    expect((await window.api(app.url, 'GET', '/ats/v0/me')).body).toMatchObject({ id: team.admin.id });
    const left = await window.api(app.url, 'POST', '/auth/sign-out');
    expect(left.body).toEqual({ provider_url: null });
  });

  it('does not let a foreign page sign a browser in', async () => {
    const headers = { 'sec-fetch-site': 'cross-site', origin: 'https://evil.example.org', 'x-csrf-protection': '1' };
    const answer = await call(app.url, 'POST', '/dev/sessions', { user_id: team.admin.id }, headers);
    expect(answer.status).toBe(403);
    expect(answer.headers.getSetCookie()).toEqual([]);
  });

  it('gives scripts a bearer token', async () => {
    const person = await signIn(app.url, team.admin.id);
    expect((await person.get('/me')).status).toBe(200);
  });

  it('shows a choice of people instead of a provider', async () => {
    const there = await new BrowserWindow().open(`${app.url}/auth/sign-in?return_to=/candidates&max_age=60`);
    expect(there.url).toBe(`${app.url}/sign-in?return_to=%2Fcandidates`);
  });

  it('requires a sign-in within the last four hours to open a report in a browser, and none with a bearer token', async () => {
    const check = await aSentCheck(team);
    await completes(team, check.caseId);
    await reaches(team, check.id, 'complete');
    const window = await signedIn();
    const path = `/background_checks/${check.id}/results`;
    await longAgo('241 minutes');
    const asked = await window.api(app.url, 'GET', `/ats/v0${path}`);
    expect(asked.status).toBe(403);
    expect(asked.body).toMatchObject({ reason: 'recent_sign_in_required' });
    const audit = `/audit_log?entity_id=${check.id}&action=background_check.open_results`;
    expect((await team.admin.get(audit)).body).toEqual([]);
    expect((await team.admin.get(path)).status).toBe(200);
    await longAgo('239 minutes');
    expect((await window.api(app.url, 'GET', `/ats/v0${path}`)).status).toBe(200);
  });

  it('has sessions that are invalid where a company’s provider signs people in', async () => {
    const window = await signedIn();
    const auth = {
      AUTH_ISSUER: 'https://id.example.org',
      AUTH_AUDIENCE: 'a',
      AUTH_JWKS_URL: 'https://id.example.org/k',
    };
    const other = await startApp({ databaseUrl: app.databaseUrl, env: { LOCAL_RUN: 'false', ...auth } });
    const me = await window.api(other.url, 'GET', '/ats/v0/me');
    const dev = await window.api(other.url, 'POST', '/dev/sessions', { user_id: team.admin.id });
    await other.close();
    expect([me.status, dev.status]).toEqual([401, 404]);
  });

  const longAgo = (ago: string) =>
    testDatabaseClient(app.databaseUrl, (client) =>
      client.query(`update access.session set authenticated_at = now() - interval '${ago}'`),
    );
});
