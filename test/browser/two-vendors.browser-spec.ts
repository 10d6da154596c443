import type { Locator, Page } from 'playwright-core';
import { eventually } from '../support/eventually.js';
import { aTeam, type Person } from '../support/people.js';
import { aCandidate, aJob, anAccount, anApplication, aStage } from '../support/fixtures.js';
import type { SandboxAccount } from '../support/sandbox.js';
import { plainscreen } from '../vendors/plainscreen/index.js';
import { StandIn, type StandInAccount } from '../vendors/plainscreen/stand-in.js';
import { notify, plainscreenSecret, products } from '../vendors/plainscreen/team.js';
import { accessibilityFaults } from './support/accessibility.js';
import { openIntegrations, signIn } from './support/person.js';
import { openStage, type Stage } from './support/stage.js';

const email = 'ines.okafor@example.org';

/** One line more than the product's list. Nothing else makes the service and its console know a vendor. */
const vendors = [plainscreen];

describe('A team uses two vendors at once', () => {
  const standIn = new StandIn();
  let stage: Stage;
  let page: Page;
  let admin: Person;
  let certnAccount: SandboxAccount;
  let plainAccount: StandInAccount;
  let jobId: string;
  let candidateId: string;

  beforeAll(async () => {
    const url = await standIn.start();
    plainAccount = standIn.addAccount(structuredClone(products));
    stage = await openStage(async () => ({ PLAINSCREEN_URL: url }), vendors);
    ({ admin } = await aTeam(stage.app, 'Juniper Works'));
    certnAccount = await anAccount(stage.sandbox);
    await stage.sandbox.control.registerWebhook(certnAccount.id, `${stage.app.url}/certn/certnWebhookHandler`);
    jobId = await aJob(admin, { name: 'Field engineer' });
    await aStage(admin, jobId, 'Background check');
    candidateId = await aCandidate(admin, email);
    await anApplication(admin, candidateId, jobId);
    page = await stage.window();
    await signIn(page, 'Juniper Works', /admin/);
  });
  afterAll(async () => {
    await stage?.close();
    await standIn.stop();
  });

  it('names both where none is connected', async () => {
    await page.goto(`/jobs/${jobId}/plan`);
    await page.getByText('Connect Certn or Plainscreen to add background checks to this plan.').waitFor();
    expect(await accessibilityFaults(page)).toEqual([]);
  });

  it('lists both; each section has an address and the fields that its vendor needs', async () => {
    await openIntegrations(page);
    for (const name of ['Certn', 'Plainscreen']) await header(name).getByText('Not connected').waitFor();
    await header('Plainscreen').click();
    await page.waitForURL('**/admin/integrations/plainscreen');
    await page.getByText('At Plainscreen, open Desk > Keys and copy a key.').waitFor();
    expect(await page.getByLabel('Webhook URL', { exact: true }).inputValue()).toBe(
      `${stage.app.url}/plainscreen/events`,
    );
    for (const label of ['Region', 'Environment']) expect(await page.getByLabel(label).count()).toBe(0);
    expect(await accessibilityFaults(page)).toEqual([]);
    await header('Certn').click();
    await page.waitForURL('**/admin/integrations/certn');
    for (const label of ['Region', 'Environment']) await page.getByLabel(label).waitFor();
  });

  it('connects both; each says what it waits for', async () => {
    await save('Certn', certnAccount.api_key ?? '', certnAccount.webhook_secret);
    await header('Plainscreen').click();
    await save('Plainscreen', plainAccount.key, plainscreenSecret);
    for (const name of ['Certn', 'Plainscreen']) await header(name).getByText('Waiting for the first event').waitFor();
    await header('Plainscreen').click();
    await page.getByRole('button', { name: 'Test connection' }).click();
    await page.getByText('Plainscreen accepts the saved API key.').waitFor();
    await page.getByText('2 of 2 packages can be ordered.').waitFor();
    expect(await accessibilityFaults(page)).toEqual([]);
  });

  it('adds an activity of each to one job, from the packages of its vendor', async () => {
    await page.goto(`/jobs/${jobId}/plan`);
    await add('Certn background check', 'Certn package', ['Basic', 'Criminal and credit']);
    await page.getByText('Send Certn background check').waitFor();
    await add('Plainscreen check', 'Plainscreen package', ['Plain basic', 'Plain full']);
    await page.getByText('Send Plainscreen check').waitFor();
    expect(await accessibilityFaults(page)).toEqual([]);
  });

  it('sends a check of each, and follows each to its status', async () => {
    await page.goto(`/candidates/${candidateId}`);
    await send('Basic', 'Certn', 1);
    await send('Plain basic', 'Plainscreen', 0);
    await card('Basic', 'Invited').getByText('Certn case', { exact: false }).waitFor();
    const plain = card('Plain basic', 'Sent');
    await plain.getByText('Plainscreen case', { exact: false }).waitFor();
    await plain.getByText('Last synced with Plainscreen', { exact: false }).waitFor();
    expect(await accessibilityFaults(page)).toEqual([]);
    const [ordered] = await stage.sandbox.control.ledger({ email });
    await stage.sandbox.control.act(ordered?.case ?? '', 'open');
    await plainscreenReports('needs_customer');
    await card('Basic', 'Invite opened').getByText('Certn case', { exact: false }).waitFor();
    await card('Plain basic', 'Action needed in Plainscreen').waitFor();
  });

  it('sees in lists whose each check is, and chooses among the packages of both', async () => {
    await page.goto('/background_checks');
    const checks = page.getByRole('table', { name: 'Background checks' });
    await checks
      .getByRole('row')
      .filter({ hasText: 'Plain basic' })
      .getByText('Plainscreen', { exact: true })
      .waitFor();
    await checks.getByRole('row').filter({ hasText: 'Invite opened' }).getByText('Certn', { exact: true }).waitFor();
    await page.getByRole('combobox', { name: 'Package' }).click();
    await page.getByRole('option', { name: 'Plain basic' }).waitFor();
    await page.getByRole('option', { name: 'Criminal and credit' }).waitFor();
    expect(await accessibilityFaults(page)).toEqual([]);
  });

  it('is told on every screen which vendor needs attention; the other one works on', async () => {
    plainAccount.fault = { how: { status: 401, body: '{"problem":"That key is not known."}' } };
    await admin.get('/integrations/plainscreen/packages?refresh=true');
    await page.goto('/jobs');
    const banner = page.getByRole('status').filter({ hasText: 'Open Integrations' });
    await banner.getByText('Plainscreen rejected the API key.', { exact: false }).waitFor();
    expect(await banner.count()).toBe(1);
    expect(await accessibilityFaults(page)).toEqual([]);
    await banner.getByRole('link', { name: 'Open Integrations' }).click();
    await page.waitForURL('**/admin/integrations/plainscreen');
    await header('Plainscreen').getByText('Needs attention').waitFor();
    await page.getByRole('tab', { name: 'Discrepancies' }).click();
    await page.getByText('It lists no cases to compare with.', { exact: false }).waitFor();
    await header('Certn').getByText('Connected').waitFor();
  });

  const header = (name: string): Locator =>
    page.getByRole('heading', { level: 2 }).getByRole('button', { name: new RegExp(`^${name}`) });
  const card = (packageName: string, status: string): Locator =>
    page.getByRole('article', { name: `${packageName}, ${status}`, exact: true });

  async function save(vendor: string, apiKey: string, secret: string): Promise<void> {
    await page.getByLabel('API key', { exact: true }).fill(apiKey);
    await page.getByLabel('Webhook secret key', { exact: true }).fill(secret);
    await page.getByRole('button', { name: 'Save & close' }).click();
    await page.getByText(`Saved. The API key works. Waiting for the first event from ${vendor}.`).waitFor();
    await page.waitForURL('**/admin/integrations');
  }

  async function add(activity: string, label: string, packages: string[]): Promise<void> {
    await page.getByRole('button', { name: 'Add activity' }).click();
    await page.getByRole('menuitem', { name: activity, exact: true }).click();
    await page.getByRole('combobox', { name: label }).click();
    expect(await page.getByRole('option').allTextContents()).toEqual(packages);
    await page.getByRole('option', { name: packages[0] }).click();
  }

  /** Sends from the first activity that can; `left`: how many can afterwards. */
  async function send(packageName: string, vendor: string, left: number): Promise<void> {
    const buttons = page.getByRole('button', { name: 'Send background check' });
    await buttons.first().click();
    const dialog = page.getByRole('dialog', { name: 'Send background check' });
    await dialog.getByRole('option', { name: packageName }).waitFor({ state: 'attached' });
    await dialog.getByRole('button', { name: 'Send background check' }).click();
    await page.getByText(`is on its way to ${vendor}.`, { exact: false }).waitFor();
    await eventually(
      'no other check can be sent from it',
      () => buttons.count(),
      (count) => count === left,
    );
  }

  /** Plainscreen moves its one case, and says so by webhook. */
  async function plainscreenReports(phase: string): Promise<void> {
    const [screening] = plainAccount.screenings.values();
    if (!screening) throw new Error('Plainscreen has no case');
    screening.phase = phase;
    expect(await notify(stage.app.url, screening.ref)).toBe(200);
  }
});
