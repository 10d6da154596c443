import type { Page } from 'playwright-core';
import { aTeam } from '../support/people.js';
import type { SandboxAccount } from '../support/sandbox-control.js';
import { anAccount } from '../support/situations.js';
import { accessibilityFaults } from './support/accessibility.js';
import { openIntegrations, signIn } from './support/person.js';
import { openStage, type Stage } from './support/stage.js';

describe('An admin connects Certn', () => {
  let stage: Stage;
  let page: Page;
  let account: SandboxAccount;

  beforeAll(async () => {
    stage = await openStage();
    await aTeam(stage.app, 'Juniper Works');
    account = await anAccount(stage.sandbox);
    page = await stage.window();
  });
  afterAll(() => stage.close());

  it('R-14: finds the integration through the account menu; the Certn header opens its details', async () => {
    await signIn(page, 'Juniper Works', /admin/);
    await openIntegrations(page);
    expect(await page.getByLabel('API key', { exact: true }).count()).toBe(0);
    await certnHeader().click();
    await page.getByLabel('API key', { exact: true }).waitFor();
    expect(await accessibilityFaults(page)).toEqual([]);
  });

  it('R-10, R-11: sees the steps and copies the webhook URL before anything is saved', async () => {
    await page.getByText('API Keys', { exact: false }).first().waitFor();
    await page.getByRole('button', { name: 'Copy Webhook URL' }).click();
    const copied = await page.evaluate<string>('navigator.clipboard.readText()');
    expect(copied).toBe(`${stage.app.url}/certn/certnWebhookHandler`);
    await stage.sandbox.control.registerWebhook(account.id, copied);
  });

  it('R-15, R-16, R-18: is told beside each field what is missing or refused, and nothing is saved', async () => {
    await saveAndClose();
    await page.getByText('API key is needed the first time.').waitFor();
    await page.getByText('Webhook secret key is needed the first time.').waitFor();
    await fill('another-key', account.webhook_secret);
    await saveAndClose();
    await page.getByText(/Certn refused this API key/).waitFor();
    await certnHeader().getByText('Not connected').waitFor();
  });

  it('R-17, R-19, R-20: saves both values: the section closes, and shows them as saved when it is opened again', async () => {
    await fill(` ${account.api_key}\n`, account.webhook_secret);
    await saveAndClose();
    await certnHeader().getByText('Connected', { exact: true }).waitFor();
    expect(await certnHeader().getAttribute('aria-expanded')).toBe('false');
    await certnHeader().click();
    await page.getByText(`Saved · ends in ${account.api_key?.slice(-4)} · by admin`).waitFor();
    await page.getByText(`Saved · ends in ${account.webhook_secret.slice(-4)}`).waitFor();
    expect(await page.getByLabel('API key', { exact: true }).inputValue()).toBe('');
    expect(await accessibilityFaults(page)).toEqual([]);
  });

  it('tests the connection and reads how each part does', async () => {
    await page.getByRole('button', { name: 'Test connection' }).click();
    await page.getByText('Everything works.').waitFor();
    await page.getByText('Certn accepts the saved API key.').waitFor();
    await page.getByText('2 of 2 packages can be ordered.').waitFor();
  });

  it('disables it after reading what that does', async () => {
    await page.getByRole('button', { name: 'Disable Certn' }).click();
    const asking = page.getByRole('dialog', { name: 'Disable Certn?' });
    await asking.getByText('Checks under way at Certn go on', { exact: false }).waitFor();
    expect(await accessibilityFaults(page)).toEqual([]);
    await asking.getByRole('button', { name: 'Disable Certn' }).click();
    await certnHeader().getByText('Disabled').waitFor();
  });

  const certnHeader = () => page.getByRole('heading', { level: 2 }).getByRole('button', { name: /^Certn/ });
  const saveAndClose = () => page.getByRole('button', { name: 'Save & close' }).click();

  async function fill(apiKey: string, secret: string): Promise<void> {
    await page.getByLabel('API key', { exact: true }).fill(apiKey);
    await page.getByLabel('Webhook secret key', { exact: true }).fill(secret);
  }
});
