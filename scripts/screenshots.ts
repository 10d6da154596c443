import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser, BrowserContextOptions, Locator, Page } from 'playwright-core';
import { launchBrowser } from '../test/browser/support/browser.ts';
import { openIntegrations, signIn } from '../test/browser/support/person.ts';
import { unpackBrowser } from '../test/browser/support/unpack-browser.ts';
import { harbour, larkspur } from './demo-data.ts';
import { type Account, prepareAccount, registerWebhook } from './demo-load.ts';
import { Api, until } from './http.ts';
import { type Addresses, CannotStart, checkout, readAddresses } from './local-run.ts';

/** Makes the screenshots of the README, along the steps of the specification, from a running `npm start` with fresh data. */
const folder = join(checkout, 'docs', 'screenshots');

interface Session {
  addresses: Addresses;
  account: Account;
  page: Page;
}

async function shoot(page: Page, name: string): Promise<void> {
  // Hides short-lived messages and the blinking cursor.
  await page.getByRole('button', { name: 'Dismiss' }).waitFor({ state: 'detached' });
  await page.mouse.move(0, 0);
  await page.screenshot({ path: join(folder, `${name}.png`), animations: 'disabled', caret: 'hide' });
  console.log(`docs/screenshots/${name}.png`);
}

async function windowOf(browser: Browser, url: string, options: BrowserContextOptions = {}): Promise<Page> {
  const display = { viewport: { width: 1280, height: 800 }, locale: 'en-GB', reducedMotion: 'reduce' as const };
  return (await browser.newContext({ baseURL: url, ...display, ...options })).newPage();
}

async function connect({ page, addresses, account }: Session): Promise<void> {
  await page.goto('/sign-in');
  await page.getByRole('group', { name: larkspur.name }).waitFor();
  await shoot(page, '01-sign-in');
  await signIn(page, larkspur.name, larkspur.admin.name);
  await openIntegrations(page);
  const header = page.getByRole('heading', { level: 2 }).getByRole('button', { name: /^Certn/ });
  if (!(await header.getByText('Not connected').isVisible()))
    throw new CannotStart(`${larkspur.name} is connected already: remove .data, run "npm start" and come back.`);
  await header.click();
  await page.getByRole('button', { name: 'Save & close' }).waitFor();
  await shoot(page, '02-integrations-steps');
  await registerWebhook(addresses.sandbox, account, await page.getByLabel('Webhook URL').first().inputValue());
  await page.getByLabel('API key', { exact: true }).fill(account.api_key);
  await page.getByLabel('Webhook secret key', { exact: true }).fill(account.webhook_secret);
  await page.getByRole('button', { name: 'Save & close' }).click();
  await header.getByText('Waiting for the first event', { exact: true }).waitFor();
  await header.click();
  await page
    .getByText(/^Saved · ends in /)
    .first()
    .waitFor();
  await page.getByRole('button', { name: 'Test connection' }).click();
  await page.getByText('The API key works.', { exact: false }).last().waitFor();
  await shoot(page, '03-integrations-saved');
}

async function plan({ page }: Session): Promise<void> {
  await page.getByRole('link', { name: 'Jobs', exact: true }).click();
  await page.getByRole('link', { name: 'Product Designer' }).click();
  await page.getByRole('button', { name: 'Add new stage' }).click();
  await page.getByLabel('Stage name').fill('Background check');
  await page.getByRole('button', { name: 'Add stage' }).click();
  const stage = page.getByRole('listitem', { name: 'Background check', exact: true });
  await stage.getByRole('button', { name: 'Add activity' }).click();
  await page.getByRole('menuitem', { name: 'Certn background check' }).waitFor();
  await shoot(page, '04-add-activity');
  await page.getByRole('menuitem', { name: 'Certn background check' }).click();
  await stage.getByRole('combobox', { name: 'Certn package' }).click();
  await stage.getByRole('option').first().click();
  await stage.getByText('Send Certn background check').waitFor();
  await shoot(page, '05-interview-plan');
}

async function send({ page }: Session): Promise<Locator> {
  await page.getByRole('tab', { name: 'Talent pipeline' }).click();
  const pipeline = page.getByRole('list', { name: 'Portfolio review' });
  await pipeline.getByText('No background check').first().waitFor();
  await shoot(page, '06-talent-pipeline');
  await pipeline.getByRole('link').first().click();
  const stage = page.getByRole('region', { name: 'Background check' });
  await stage.getByRole('button', { name: 'Send background check' }).waitFor();
  await shoot(page, '07-application');
  await stage.getByRole('button', { name: 'Send background check' }).click();
  const popUp = page.getByRole('dialog', { name: 'Send background check' });
  await popUp.getByRole('row').nth(3).waitFor();
  await shoot(page, '08-send-background-check');
  await popUp.getByRole('button', { name: 'Send background check' }).click();
  await stage.getByRole('article', { name: /Invited$/ }).waitFor();
  await stage.scrollIntoViewIfNeeded();
  await shoot(page, '09-status');
  return stage;
}

/** Acts for the candidate and Certn at the stand-in. The report is no screenshot: this browser does not show PDFs. */
async function results({ page, addresses, account }: Session, stage: Locator): Promise<void> {
  const control = new Api(`${addresses.sandbox}/control`);
  const [sent] = await control.get<{ id: string }[]>(`/cases?account=${account.id}`);
  for (const action of ['open', 'start', 'submit', 'progress', 'complete']) {
    await control.post(`/cases/${sent?.id ?? ''}/${action}`, {});
    await until(
      `the page shows ${action}`,
      async () => (await stage.getByText(words[action] ?? '').count()) > 0 || undefined,
      15_000,
    );
  }
  await stage.getByRole('button', { name: 'History' }).click();
  await stage.getByText('Sent by', { exact: false }).waitFor();
  await stage.getByRole('article').scrollIntoViewIfNeeded();
  await page.mouse.wheel(0, 2000);
  await shoot(page, '10-history');
}

const words: Record<string, string> = {
  open: 'Invite opened',
  start: 'Started',
  submit: 'Submitted',
  progress: 'In progress',
  complete: 'Complete',
};

async function checks(page: Page, name: string): Promise<void> {
  await signIn(page, harbour.name, harbour.admin.name);
  await page.goto('/background_checks');
  await page.getByRole('table', { name: 'Background checks' }).getByRole('row').nth(3).waitFor();
  await shoot(page, name);
}

async function everything(): Promise<void> {
  const addresses = readAddresses();
  await fetch(`${addresses.service}/health/ready`).catch(() => {
    throw new CannotStart(
      `Nothing answers at ${addresses.service}: run "npm start" in another terminal and come back.`,
    );
  });
  mkdirSync(folder, { recursive: true });
  await unpackBrowser();
  const browser = await launchBrowser();
  try {
    const page = await windowOf(browser, addresses.service);
    const session = { addresses, page, account: await prepareAccount(addresses.sandbox, larkspur) };
    await connect(session);
    await plan(session);
    await results(session, await send(session));
    await checks(await windowOf(browser, addresses.service), '11-background-checks');
    await checks(await windowOf(browser, addresses.service, { colorScheme: 'dark' }), '12-dark');
    const phone = { viewport: { width: 360, height: 740 } };
    await checks(await windowOf(browser, addresses.service, phone), '13-phone');
  } finally {
    await browser.close();
  }
}

await everything().catch((error: unknown) => {
  if (!(error instanceof CannotStart)) throw error;
  console.error(error.message);
  process.exitCode = 1;
});
