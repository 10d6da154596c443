import type { Page } from 'playwright-core';
import { createTeam } from '../../src/team-create.js';
import { eventually } from '../support/eventually.js';
import { call } from '../support/people.js';
import { accessibilityFaults } from './support/accessibility.js';
import { type OpenIdProvider, startOpenIdProvider } from '../support/openid-provider.js';
import { openStage, type Stage } from './support/stage.js';

const ada = 'ada.moreno@juniper.example.org';

describe('Signing in with the company account', () => {
  let stage: Stage;
  let provider: OpenIdProvider;
  let page: Page;

  beforeAll(async () => {
    stage = await openStage(async (consoleUrl) => {
      // Just longer than what the console renews before it uses it: one renewal within the story.
      provider = await startOpenIdProvider({ consoleUrl });
      return provider.env;
    });
    await createTeam(stage.app.databaseUrl, { name: 'Juniper Works', adminName: 'Ada Moreno', adminEmail: ada });
    page = await stage.window();
  });
  afterAll(async () => {
    await stage.close();
    await provider.close();
  });

  it('there are no demo people', async () => {
    expect((await call(stage.app.url, 'GET', '/dev/users')).status).toBe(404);
  });

  it('a link leads to the sign-in page, from there to the provider, and back to what was linked', async () => {
    await page.goto('/candidates?search=ines');
    await page.getByRole('heading', { name: 'Sign in' }).waitFor();
    expect(await accessibilityFaults(page)).toEqual([]);
    await page.getByRole('button', { name: 'Sign in with your company account' }).click();
    await atTheProvider(ada);
    await page.getByRole('heading', { name: 'Candidates', level: 1 }).waitFor();
    expect(page.url()).toBe(`${stage.app.url}/candidates?search=ines`);
    await page.getByRole('button', { name: /Ada Moreno/ }).waitFor();
  });

  it('another tab is signed in as well', async () => {
    const tab = await page.context().newPage();
    await tab.goto('/jobs');
    await tab.getByRole('heading', { name: 'Jobs', level: 1 }).waitFor();
    await tab.close();
  });

  it('the token is renewed before it ends, without anybody noticing', async () => {
    await eventually(
      'a token was renewed',
      async () => {
        await page.getByRole('link', { name: 'Jobs' }).click();
        await page.getByRole('link', { name: 'Candidates' }).click();
        await page.reload();
        return [] as string[];
      },
      (grants) => grants.includes('refresh_token'),
      20_000,
    );
    await page.getByRole('heading', { name: 'Candidates', level: 1 }).waitFor();
  });

  it('signing out ends the session at the provider too', async () => {
    await page.getByRole('button', { name: /Ada Moreno/ }).click();
    await page.getByRole('menuitem', { name: 'Sign out' }).click();
    await page.getByRole('button', { name: 'Yes, sign me out' }).click();
    await page.getByRole('heading', { name: 'Sign in' }).waitFor();
    await page.goto('/jobs');
    await page.getByRole('heading', { name: 'Sign in' }).waitFor();
  });

  it('whom the service does not know is told so, and may try again as somebody else', async () => {
    await page.getByRole('button', { name: 'Sign in with your company account' }).click();
    await atTheProvider('nobody@elsewhere.example.org');
    await page.getByText('your account is not known here', { exact: false }).waitFor();
    await page.getByRole('button', { name: 'Sign in with your company account' }).waitFor();
  });

  async function atTheProvider(email: string): Promise<void> {
    await page.getByPlaceholder('Enter any login').fill(email);
    await page.getByPlaceholder('and password').fill('anything');
    await page.getByRole('button', { name: 'Sign-in' }).click();
    await page.getByRole('button', { name: 'Continue' }).click();
  }
});
