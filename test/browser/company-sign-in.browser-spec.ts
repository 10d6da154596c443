import type { Page } from 'playwright-core';
import { createTeam } from '../../src/commands/team-create.js';
import { type RunningApp, startApp } from '../support/app.js';
import { type OpenIdProvider, startOpenIdProvider } from '../support/openid-provider.js';
import { call } from '../support/people.js';
import { testDatabaseClient } from '../support/test-database-client.js';
import { accessibilityFaults } from './support/accessibility.js';
import { openStage, type Stage } from './support/stage.js';

const ada = 'ada.moreno@juniper.example.org';
const both = 'cleo.adeyemi@both.example.org';

/** Everything that a script, ours or an injected one, could read in a signed-in browser. */
const readable = `({
  local: { ...localStorage },
  session: { ...sessionStorage },
  cookie: document.cookie,
  address: location.href,
})`;

interface Readable {
  local: Record<string, string>;
  session: Record<string, string>;
  cookie: string;
  address: string;
}

describe('Signing in with the company account', () => {
  let stage: Stage;
  let replica: RunningApp;
  let provider: OpenIdProvider;
  let page: Page;

  beforeAll(async () => {
    stage = await openStage(async (consoleUrl) => {
      provider = await startOpenIdProvider({ consoleUrl });
      return provider.env;
    });
    const env = { ...provider.env, PUBLIC_URL: stage.app.url };
    replica = await startApp({ databaseUrl: stage.app.databaseUrl, env });
    for (const [name, adminName, adminEmail] of [
      ['Juniper Works', 'Ada Moreno', ada],
      ['Larkspur Labs', 'Cleo Adeyemi', both],
      ['Harbour Lane', 'Cleo Adeyemi', both],
    ] as const) {
      await createTeam(stage.app.databaseUrl, { name, adminName, adminEmail });
    }
    page = await stage.window();
  });
  afterAll(async () => {
    await replica.close();
    await stage.close();
    await provider.close();
  });

  it('there are no demo people', async () => {
    expect((await call(stage.app.url, 'GET', '/dev/users')).status).toBe(404);
  });

  it('a link leads to the sign-in page, from there to the provider, and back to what was linked', async () => {
    await page.goto('/candidates?search=ines');
    await page.getByRole('link', { name: 'Sign in with your company account' }).waitFor();
    expect(await page.getByRole('status').count()).toBe(0);
    expect(await accessibilityFaults(page)).toEqual([]);
    await page.getByRole('link', { name: 'Sign in with your company account' }).click();
    await atTheProvider(page, ada);
    await page.getByRole('heading', { name: 'Candidates', level: 1 }).waitFor();
    expect(page.url()).toBe(`${stage.app.url}/candidates?search=ines`);
    await page.getByRole('button', { name: /Ada Moreno/ }).waitFor();
  });

  it('the browser stores nothing that a script could steal and use', async () => {
    const [cookie, ...others] = await sessionCookies();
    const seen = await page.evaluate<Readable>(readable);
    // Scroll positions, and until when notices were read.
    const harmless = /^(tsr-scroll-restoration|ats\.notices-seen-until\.)/;
    const kept = [...Object.keys(seen.local), ...Object.keys(seen.session)];
    expect(kept.filter((key) => !harmless.test(key))).toEqual([]);
    expect(JSON.stringify(seen)).not.toMatch(/eyJ|[\w-]{40}/);
    expect([seen.cookie, seen.address]).toEqual(['', `${stage.app.url}/candidates?search=ines`]);
    expect(others).toEqual([]);
    expect(cookie).toMatchObject({ name: 'ats_session', httpOnly: true, sameSite: 'Lax', path: '/' });
  });

  it('leftovers of an older version are removed from the browser', async () => {
    const tab = await page.context().newPage();
    await tab.goto('/sign-in');
    await tab.evaluate(`localStorage.setItem('ats.local-session', 'x'); localStorage.setItem('oidc.user:a:b', 'y')`);
    await tab.reload();
    await tab.getByRole('heading', { name: 'Sign in' }).waitFor();
    const kept = await tab.evaluate<string[]>('Object.keys(localStorage)');
    expect(kept.filter((key) => /local-session|oidc/.test(key))).toEqual([]);
    await tab.close();
  });

  it('another tab is signed in as well', async () => {
    const tab = await page.context().newPage();
    await tab.goto('/jobs');
    await tab.getByRole('heading', { name: 'Jobs', level: 1 }).waitFor();
    await tab.close();
  });

  it('changing the connection long after signing in asks for the password, and leads back', async () => {
    await signedInLongAgo();
    await page.goto('/admin/integrations?open=certn');
    await page.getByLabel('API key', { exact: true }).fill('typed with care');
    await page.getByRole('button', { name: 'Save & close' }).click();
    const again = page.getByRole('link', { name: 'Sign in again in a new tab' });
    await again.waitFor();
    expect(await accessibilityFaults(page)).toEqual([]);
    const opened = page.context().waitForEvent('page');
    await again.click();
    const tab = await opened;
    // Ada gave her password within the last minute, unless this machine is slow.
    const asked = tab.getByPlaceholder('Enter any login');
    const back = tab.getByRole('heading', { name: 'Integrations', level: 1 });
    await asked.or(back).waitFor();
    if (await asked.isVisible()) await typesPassword(tab, ada);
    await back.waitFor();
    await tab.close();
    await page.getByRole('button', { name: 'Save & close' }).click();
    await again.waitFor({ state: 'detached' });
    expect(await page.getByLabel('API key', { exact: true }).inputValue()).toBe('typed with care');
  });

  it('signing out ends the session at the provider too, and the copied cookie is dead on every replica', async () => {
    const [cookie] = await sessionCookies();
    const headers = { cookie: `${cookie?.name}=${cookie?.value}`, 'sec-fetch-site': 'same-origin' };
    const withIt = (url: string) => call(url, 'GET', '/ats/v0/me', undefined, headers);
    expect((await withIt(replica.url)).status).toBe(200);
    const tab = await page.context().newPage();
    await tab.goto('/jobs');
    await tab.getByRole('heading', { name: 'Jobs', level: 1 }).waitFor();
    await page.getByRole('button', { name: /Ada Moreno/ }).click();
    await page.getByRole('menuitem', { name: 'Sign out' }).click();
    await page.getByRole('button', { name: 'Yes, sign me out' }).click();
    for (const window of [page, tab]) await window.getByRole('heading', { name: 'Sign in' }).waitFor();
    await tab.close();
    for (const { url } of [stage.app, replica]) expect((await withIt(url)).status).toBe(401);
    expect(await sessionCookies()).toEqual([]);
    await page.goto('/jobs');
    await page.getByRole('heading', { name: 'Sign in' }).waitFor();
    await page.getByRole('link', { name: 'Sign in with your company account' }).click();
    await page.getByPlaceholder('Enter any login').waitFor();
  });

  it('an unknown account reads so, and can try again with another one', async () => {
    await page.goto('/sign-in');
    await page.getByRole('link', { name: 'Sign in with your company account' }).click();
    await atTheProvider(page, 'nobody@elsewhere.example.org');
    await page.getByText('Your account has no access here', { exact: false }).waitFor();
    expect(await accessibilityFaults(page)).toEqual([]);
    await page.getByRole('link', { name: 'Sign in with another account' }).click();
    await atTheProvider(page, ada);
    await page.getByRole('heading', { name: 'Jobs', level: 1 }).waitFor();
  });

  it('a user of two teams chooses one, and no tab of the browser shows the user before', async () => {
    const tab = await page.context().newPage();
    await tab.goto('/sign-in?why=unknown');
    await tab.getByRole('link', { name: 'Sign in with another account' }).click();
    await atTheProvider(tab, both);
    await tab.getByRole('group', { name: 'Your teams' }).getByRole('button', { name: 'Harbour Lane' }).waitFor();
    expect(await accessibilityFaults(tab)).toEqual([]);
    await tab.getByRole('button', { name: 'Harbour Lane' }).click();
    await tab.getByRole('button', { name: /Cleo Adeyemi/ }).waitFor();
    // The provider has signed Ada out for it, and said so to the service.
    await page.getByRole('button', { name: /Ada Moreno/ }).waitFor({ state: 'detached' });
    await tab.close();
  });

  it('a cancelled sign-in at the provider is reported', async () => {
    const window = await stage.window();
    await window.goto('/sign-in');
    await window.getByRole('link', { name: 'Sign in with your company account' }).click();
    await window.getByRole('link', { name: 'Cancel' }).click();
    await window.getByText('Sign-in was cancelled').waitFor();
    await window.context().close();
  });

  async function atTheProvider(window: Page, email: string): Promise<void> {
    await typesPassword(window, email);
    await window.getByRole('button', { name: 'Continue' }).click();
  }

  async function typesPassword(window: Page, email: string): Promise<void> {
    await window.getByPlaceholder('Enter any login').fill(email);
    await window.getByPlaceholder('and password').fill('anything');
    await window.getByRole('button', { name: 'Sign-in' }).click();
  }

  const sessionCookies = async () => {
    const cookies = await page.context().cookies(stage.app.url);
    return cookies.filter(({ name }) => name.startsWith('ats_'));
  };

  const signedInLongAgo = () =>
    testDatabaseClient(stage.app.databaseUrl, (client) =>
      client.query(`update access.session set authenticated_at = now() - interval '5 hours'`),
    );
});
