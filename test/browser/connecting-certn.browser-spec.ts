import type { Page } from 'playwright-core';
import { aColleague, aTeam, type Person } from '../support/people.js';
import { withDatabase } from '../support/scheduled-tasks.js';
import type { SandboxAccount } from '../support/sandbox.js';
import { anAccount } from '../support/fixtures.js';
import { accessibilityFaults } from './support/accessibility.js';
import { openIntegrations, signIn } from './support/person.js';
import { openStage, type Stage } from './support/stage.js';

describe('An admin connects Certn', () => {
  let stage: Stage;
  let page: Page;
  let account: SandboxAccount;
  let teamId: string;
  let admin: Person;

  beforeAll(async () => {
    stage = await openStage();
    ({ teamId, admin } = await aTeam(stage.app, 'Juniper Works'));
    account = await anAccount(stage.sandbox);
    page = await stage.window();
  });
  afterAll(() => stage.close());

  it('finds the integration through the account menu; the Certn header opens its details [R-14]', async () => {
    await signIn(page, 'Juniper Works', /admin/);
    await openIntegrations(page);
    expect(await page.getByLabel('API key', { exact: true }).count()).toBe(0);
    await certnHeader().click();
    await page.getByLabel('API key', { exact: true }).waitFor();
    expect(await accessibilityFaults(page)).toEqual([]);
  });

  it('sees the steps and copies the webhook URL before anything is saved [R-10, R-11]', async () => {
    await page.getByText('API Keys', { exact: false }).first().waitFor();
    await page.getByRole('button', { name: 'Copy Webhook URL' }).click();
    const copied = await page.evaluate<string>('navigator.clipboard.readText()');
    expect(copied).toBe(`${stage.app.url}/certn/certnWebhookHandler`);
    await stage.sandbox.control.registerWebhook(account.id, copied);
  });

  it('reads at each field what is missing or rejected, and nothing is saved [R-15, R-16, R-18]', async () => {
    await saveAndClose();
    await page.getByText('Enter the API key', { exact: true }).waitFor();
    await page.getByText('Enter the webhook secret key', { exact: true }).waitFor();
    await fill('another-key', account.webhook_secret);
    await saveAndClose();
    await page.getByText(/Certn rejected this API key/).waitFor();
    await certnHeader().getByText('Not connected').waitFor();
  });

  it('saves both values: the section closes, and shows them as saved when it is opened again [R-17, R-19, R-20]', async () => {
    await fill(` ${account.api_key}\n`, account.webhook_secret);
    await saveAndClose();
    await page.getByText('Saved. The API key works. Waiting for the first event from Certn.').waitFor();
    await certnHeader().getByText('Waiting for the first event', { exact: true }).waitFor();
    expect(await certnHeader().getAttribute('aria-expanded')).toBe('false');
    await certnHeader().click();
    await page.getByText(`Saved · ends in ${account.api_key?.slice(-4)} · by admin`).waitFor();
    await page.getByText(`Saved · ends in ${account.webhook_secret.slice(-4)}`).waitFor();
    expect(await page.getByLabel('API key', { exact: true }).inputValue()).toBe('');
    expect(await accessibilityFaults(page)).toEqual([]);
  });

  it('tests the connection and reads the outcome of each part', async () => {
    await page.getByRole('button', { name: 'Test connection' }).click();
    await page.getByText('The API key works. Waiting for the first event from Certn.', { exact: true }).waitFor();
    expect(await page.getByText('Everything works.').count()).toBe(0);
    await page.getByText('Certn accepts the saved API key.').waitFor();
    await page.getByText('2 of 2 packages can be ordered.').waitFor();
  });

  it('is warned on every screen 30 days before the key expires; other users are not', async () => {
    const warning = 'The Certn API key expires in';
    await page.goto('/jobs');
    await page.getByRole('heading', { name: 'Jobs', level: 1 }).waitFor();
    expect(await page.getByText(warning).count()).toBe(0);
    await keyIsSaved(340.5);
    await page.reload();
    const banner = page.getByRole('status').filter({ hasText: warning });
    await banner.getByText('expires in 24 days. Create a new one in Certn and save it.', { exact: false }).waitFor();
    expect(await accessibilityFaults(page)).toEqual([]);
    await keyIsSaved(366);
    await page.goto('/candidates');
    await page.getByText('The Certn API key has probably expired', { exact: false }).waitFor();
    await aColleague(admin, 'standard', { name: 'Cleo Adeyemi' });
    const window = await stage.window();
    await signIn(window, 'Juniper Works', /Cleo Adeyemi/);
    await window.getByText('No jobs').waitFor();
    expect(await window.getByText('The Certn API key', { exact: false }).count()).toBe(0);
    await window.context().close();
    await page.getByRole('link', { name: 'Open Integrations' }).click();
    await certnHeader().click();
  });

  it('reads under Health that checks are on hold, and that no events arrive [E8, E16]', async () => {
    await stage.sandbox.control.fault({ account: account.id, route: 'packages', kind: 'throttle', retry_after: 600 });
    await admin.get('/integrations/certn/packages?refresh=true');
    const silence = `insert into integrations.missed_webhooks (team_id, connection_id, missed, first_missed_at)
                     select team_id, id, 3, now() - interval '1 hour' from integrations.connection where team_id = $1
                     on conflict (team_id, connection_id) do update set missed = 3, first_missed_at = excluded.first_missed_at`;
    await withDatabase(stage.app, (db) => db.query(silence, [teamId]));
    await page.goto('/admin/integrations?open=certn');
    await page.getByRole('tab', { name: 'Health' }).click();
    await page.getByText('Checks are on hold').waitFor();
    await page.getByText('No events from Certn').waitFor();
    expect(await accessibilityFaults(page)).toEqual([]);
    await page.getByRole('tab', { name: 'Settings' }).click();
  });

  it('disables it after a confirmation that lists the consequences', async () => {
    await page.getByRole('button', { name: 'Disable Certn' }).click();
    const asking = page.getByRole('dialog', { name: 'Disable Certn?' });
    await asking.getByText('Checks in progress at Certn continue', { exact: false }).waitFor();
    expect(await accessibilityFaults(page)).toEqual([]);
    await asking.getByRole('button', { name: 'Disable Certn' }).click();
    await certnHeader().getByText('Disabled').waitFor();
  });

  const certnHeader = () => page.getByRole('heading', { level: 2 }).getByRole('button', { name: /^Certn/ });
  const saveAndClose = () => page.getByRole('button', { name: 'Save & close' }).click();

  function keyIsSaved(daysAgo: number): Promise<unknown> {
    const savedAt = new Date(Date.now() - daysAgo * 86_400_000).toISOString();
    const sql = `update integrations.connection set api_key = jsonb_set(api_key, '{savedAt}', to_jsonb($1::text)) where team_id = $2`;
    return withDatabase(stage.app, (db) => db.query(sql, [savedAt, teamId]));
  }

  async function fill(apiKey: string, secret: string): Promise<void> {
    await page.getByLabel('API key', { exact: true }).fill(apiKey);
    await page.getByLabel('Webhook secret key', { exact: true }).fill(secret);
  }
});
