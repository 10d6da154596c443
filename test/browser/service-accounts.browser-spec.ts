import type { Page } from 'playwright-core';
import { aTeam, call, type Person } from '../support/people.js';
import { aServiceAccount } from '../support/machines.js';
import { accessibilityFaults } from './support/accessibility.js';
import { signIn } from './support/person.js';
import { openStage, type Stage } from './support/stage.js';

describe('Service accounts in the console', () => {
  let stage: Stage;
  let page: Page;
  let admin: Person;
  beforeAll(async () => {
    stage = await openStage();
    ({ admin } = await aTeam(stage.app, 'Juniper Works'));
    page = await stage.window();
    await signIn(page, 'Juniper Works', /admin/);
  });
  afterAll(() => stage.close());

  const dialog = (name: string) => page.getByRole('dialog', { name });
  const jobs = (key: string) =>
    call(stage.app.url, 'GET', '/ats/v0/jobs', undefined, { 'x-api-key': key }).then(({ status }) => status);
  let key = '';

  it('are created with a name, a level and scopes', async () => {
    await page.goto('/admin');
    await page.getByRole('link', { name: 'Service accounts' }).click();
    await page.getByText('No service accounts yet').waitFor();
    await page.getByRole('button', { name: 'New service account' }).click();
    const form = dialog('New service account');
    await form.getByRole('button', { name: 'Create' }).click();
    await form.getByText('Enter a name').waitFor();
    expect(await accessibilityFaults(page)).toEqual([]);
    await form.getByLabel('Name').fill('Job board');
    await form.getByLabel('Read jobs and interview plans').check();
    await form.getByRole('button', { name: 'Create' }).click();
    await page.getByRole('heading', { name: 'Job board', level: 2 }).waitFor();
    await page.getByText('Standard · Never used').waitFor();
    await page.getByText('No keys').waitFor();
  });

  it('get a key that is shown once, can be copied, and works', async () => {
    await page.getByRole('button', { name: 'New key for Job board' }).click();
    const key1 = dialog('Key for Job board');
    await key1.getByLabel('Expires in').selectOption('30 days');
    await key1.getByRole('button', { name: 'Create key' }).click();
    await key1.getByText("Copy the key now. You can't see it again.").waitFor();
    expect(await accessibilityFaults(page)).toEqual([]);
    key = await key1.getByLabel('API key', { exact: true }).inputValue();
    await key1.getByRole('button', { name: 'Copy API key' }).click();
    expect(await page.evaluate<string>('navigator.clipboard.readText()')).toBe(key);
    await key1.getByRole('button', { name: 'Done' }).click();
    await page.getByText(`Ends in ${key.slice(-4)}`).waitFor();
    expect(await page.content()).not.toContain(key);
    expect(await jobs(key)).toBe(200);
    await page.reload();
    await page.getByText(/^Standard · Last used/).waitFor();
  });

  it('lose a key after a confirmation', async () => {
    await page.getByRole('button', { name: `Revoke the key ending in ${key.slice(-4)}` }).click();
    const asking = dialog('Revoke this key?');
    expect(await accessibilityFaults(page)).toEqual([]);
    await asking.getByRole('button', { name: 'Revoke key' }).click();
    await page.getByText('No keys').waitFor();
    expect(await jobs(key)).toBe(401);
  });

  it('warn before the last key expires', async () => {
    const id = await aServiceAccount(admin, { name: 'Payroll' });
    await admin.post(`/service_accounts/${id}/keys`, { expires_in_days: 3 });
    await page.reload();
    const payroll = page.getByRole('region', { name: 'Payroll' });
    await payroll.getByText(/^The last key expires/).waitFor();
    await payroll.getByText('Soon').waitFor();
    expect(await accessibilityFaults(page)).toEqual([]);
  });

  it('are edited, disabled, enabled and deleted', async () => {
    const payroll = page.getByRole('region', { name: 'Payroll' });
    await payroll.getByRole('button', { name: 'Edit Payroll' }).click();
    const form = dialog('Edit Payroll');
    await form.getByLabel('Access level').selectOption('Limited');
    await form.getByRole('button', { name: 'Save' }).click();
    await payroll.getByText(/^Limited ·/).waitFor();
    await payroll.getByRole('button', { name: 'Disable Payroll' }).click();
    await payroll.getByText('Disabled', { exact: true }).waitFor();
    await payroll.getByRole('button', { name: 'Enable Payroll' }).click();
    await payroll.getByText('Disabled', { exact: true }).waitFor({ state: 'detached' });
    await payroll.getByRole('button', { name: 'Delete Payroll' }).click();
    await dialog('Delete Payroll?').getByRole('button', { name: 'Delete' }).click();
    await payroll.waitFor({ state: 'detached' });
  });
});
