import type { Locator, Page } from 'playwright-core';
import { aTeam, type Person } from '../support/people.js';
import { receiverNetwork, verified, WebhookReceiver } from '../support/webhook-receiver.js';
import { accessibilityFaults } from './support/accessibility.js';
import { signIn } from './support/person.js';
import { openStage, type Stage } from './support/stage.js';

describe('Webhook endpoints in the console', () => {
  let stage: Stage;
  let page: Page;
  let admin: Person;
  let receiver: WebhookReceiver;
  const secrets: string[] = [];

  beforeAll(async () => {
    receiver = await new WebhookReceiver().start();
    stage = await openStage(async () => receiverNetwork);
    ({ admin } = await aTeam(stage.app, 'Juniper Works'));
    page = await stage.window();
    await signIn(page, 'Juniper Works', /admin/);
  });
  afterAll(async () => {
    await stage.close();
    await receiver.stop();
  });

  const dialog = (): Locator => page.getByRole('dialog');
  const rows = (): Locator => page.getByRole('row').filter({ hasText: 'Test' });

  /** Screenshots, on request. */
  async function picture(name: string): Promise<void> {
    const folder = process.env['PICTURES'];
    if (!folder) return;
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme });
      await page.screenshot({ path: `${folder}/${name}-${colorScheme}.png`, fullPage: true });
    }
    await page.setViewportSize({ width: 360, height: 740 });
    await page.screenshot({ path: `${folder}/${name}-narrow.png`, fullPage: true });
    await page.setViewportSize({ width: 1280, height: 720 });
    await page.emulateMedia({ colorScheme: null });
  }

  it('are added from the settings; a refused address is named at its field, and the secret is shown once', async () => {
    await page.goto('/admin');
    await page.getByRole('link', { name: 'Webhook endpoints' }).click();
    await page.getByText('No webhook endpoints yet').waitFor();
    expect(await accessibilityFaults(page)).toEqual([]);
    await page.getByRole('button', { name: 'Add endpoint' }).click();
    await dialog().getByLabel('Address').fill('https://10.0.0.1/hook');
    await dialog().getByRole('button', { name: 'Add endpoint' }).click();
    await dialog().getByText('The address is in a private network. Events are not sent there.').waitFor();
    expect(await accessibilityFaults(page)).toEqual([]);
    await picture('form');
    await dialog().getByLabel('Address').fill(`${receiver.url}/hook`);
    await dialog().getByLabel('Description').fill('Our reports');
    await dialog().getByLabel('Include names of candidates').check();
    await dialog().getByRole('button', { name: 'Add endpoint' }).click();
    secrets.push(await dialog().getByLabel('Secret', { exact: true }).inputValue());
    expect(secrets[0]).toMatch(/^whsec_/);
    expect(await accessibilityFaults(page)).toEqual([]);
    await picture('secret');
    await dialog().getByRole('button', { name: 'Copy Secret' }).click();
    expect(await page.evaluate<string>('navigator.clipboard.readText()')).toBe(secrets[0]);
    await dialog().getByRole('button', { name: 'Done' }).click();
    await page.getByRole('link', { name: `${receiver.url}/hook` }).click();
    await page.getByText('With names of candidates').waitFor();
    expect(await page.content()).not.toContain(secrets[0]);
  });

  it('are tested: the attempt shows its answer and duration, and is sent again', async () => {
    await page.getByRole('button', { name: 'Send a test' }).click();
    await rows().filter({ hasText: 'Succeeded' }).waitFor();
    expect(await rows().first().textContent()).toMatch(/204.*\d+ ms/);
    const [first] = receiver.at('/hook');
    if (!first) throw new Error('nothing came');
    expect(verified(first, secrets[0] ?? '').type).toBe('test');
    expect(await accessibilityFaults(page)).toEqual([]);
    await rows().first().getByRole('button', { name: 'Send again' }).click();
    await rows().nth(1).waitFor();
    await receiver.gets('the same event', '/hook', (all) => all.length === 2);
    expect(new Set(receiver.at('/hook').map(({ headers }) => headers['webhook-id'])).size).toBe(1);
  });

  it('show why an attempt failed, and when it is tried again', async () => {
    receiver.answer = (response) => void response.writeHead(503).end();
    await page.getByRole('button', { name: 'Send a test' }).click();
    const failed = rows().filter({ hasText: 'The endpoint answered 503.' }).first();
    await failed.getByText('Next try').waitFor();
    await page.getByText('Every attempt has failed since').waitFor();
    expect(await accessibilityFaults(page)).toEqual([]);
    await picture('attempts');
    receiver.answer = (response) => void response.writeHead(204).end();
  });

  it('are edited, get another secret, and replay what happened', async () => {
    await page.getByRole('button', { name: 'Edit' }).click();
    await dialog().getByLabel('Include results of checks').check();
    expect(await accessibilityFaults(page)).toEqual([]);
    await dialog().getByRole('button', { name: 'Save' }).click();
    await page.getByText('With results of checks and names of candidates').waitFor();
    await page.getByRole('button', { name: 'Rotate secret…' }).click();
    await dialog().getByText('For a day events are signed with both secrets.', { exact: false }).waitFor();
    await dialog().getByRole('button', { name: 'Rotate secret' }).click();
    secrets.push(await dialog().getByLabel('Secret', { exact: true }).inputValue());
    expect(secrets[1]).not.toBe(secrets[0]);
    expect(await accessibilityFaults(page)).toEqual([]);
    await dialog().getByRole('button', { name: 'Done' }).click();
    await page.getByText('The previous secret also signs until').waitFor();
    await page.getByRole('button', { name: 'Replay…' }).click();
    expect(await accessibilityFaults(page)).toEqual([]);
    await dialog().getByRole('button', { name: 'Send again' }).click();
    await page.getByText('0 events are sent again').waitFor();
  });

  it('are switched off and on, and deleted after a confirmation', async () => {
    await page.getByRole('button', { name: 'Switch off' }).click();
    await page.getByText('Switched off', { exact: true }).waitFor();
    expect(await page.getByRole('button', { name: 'Send a test' }).count()).toBe(0);
    await page.getByRole('button', { name: 'Switch on' }).click();
    await page.getByRole('button', { name: 'Send a test' }).waitFor();
    await page.getByRole('button', { name: 'Delete…' }).click();
    expect(await accessibilityFaults(page)).toEqual([]);
    await dialog().getByRole('button', { name: 'Delete endpoint' }).click();
    await page.getByText('No webhook endpoints yet').waitFor();
    expect((await admin.get('/webhook_endpoints')).body).toEqual([]);
  });

  it('that the service switched off are told to admins on every screen', async () => {
    receiver.answer = (response) => void response.writeHead(410).end();
    const body = { url: `${receiver.url}/gone`, event_types: ['candidate.anonymised'] };
    const { id } = (await admin.post<{ id: string }>('/webhook_endpoints', body)).body;
    await admin.post(`/webhook_endpoints/${id}/test`);
    await receiver.gets('the test', '/gone', (all) => all.length === 1);
    await page.goto(`/admin/webhook_endpoints/${id}`);
    await page.getByText('It answered 410: it wants no more events.', { exact: false }).waitFor();
    await page
      .getByText('was switched off, because it answered that it wants no more events', { exact: false })
      .waitFor();
    expect(await accessibilityFaults(page)).toEqual([]);
    await picture('gone');
    await page.goto('/admin/webhook_endpoints');
    await page.getByText('Switched off by the service').waitFor();
    await picture('list');
  });
});
