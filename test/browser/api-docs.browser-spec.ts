import type { Browser } from 'playwright-core';
import { type RunningApp, startApp } from '../support/app.js';
import { launchBrowser } from './support/browser.js';

describe('The page that shows the API', () => {
  let app: RunningApp;
  let browser: Browser;
  beforeAll(async () => {
    app = await startApp();
    browser = await launchBrowser();
  });
  afterAll(async () => {
    await browser?.close();
    await app?.close();
  });

  it('lists the operations and opens one, within its own policy, and sends no requests of theirs', async () => {
    const page = await browser.newPage();
    const complaints: string[] = [];
    page.on('console', (message) => void (message.type() === 'error' && complaints.push(message.text())));
    page.on('pageerror', ({ message }) => void complaints.push(message));
    await page.goto(`${app.url}/docs`);
    await page.locator('#operations-Jobs-createJob .opblock-summary-control').click();
    await page.getByText('"requisition_id"').first().waitFor();
    expect(await page.getByRole('button', { name: 'Try it out' }).count()).toBe(0);
    expect(complaints).toEqual([]);
  });
});
