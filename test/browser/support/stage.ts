import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { type RunningApp, startApp, type VendorMaker } from '../../support/app.js';
import { freePort } from '../../../scripts/free-port.js';
import { type Sandbox, startSandbox } from '../../support/sandbox.js';
import { launchBrowser } from './browser.js';

/** Everything that a story needs: the service with its console, the stand-in Certn, and a browser. */
export interface Stage {
  app: RunningApp;
  sandbox: Sandbox;
  browser: Browser;
  /** A window of somebody new: no session, no cache. Whatever the page complains about fails `close`. */
  window(options?: BrowserContextOptions): Promise<Page>;
  close(): Promise<void>;
}

type Environment = Record<string, string>;

/**
 * Opens the stage; `envOf` adds to the environment of the service, knowing where the service will be; `vendors` are beside those
 * of the product.
 */
export async function openStage(
  envOf: (url: string) => Promise<Environment> = async () => ({}),
  vendors?: readonly VendorMaker[],
): Promise<Stage> {
  const [sandbox, browser, port] = await Promise.all([startSandbox(), launchBrowser(), freePort()]);
  const url = `http://127.0.0.1:${port}`;
  const env = { CERTN_BASE_URL: sandbox.url, PUBLIC_URL: url, ...(await envOf(url)) };
  const app = await startApp({ port, env, ...(vendors && { vendors }) });
  const faults: string[] = [];
  return {
    app,
    sandbox,
    browser,
    window: async (options) => {
      const context = await browser.newContext({
        baseURL: app.url,
        locale: 'en-GB',
        reducedMotion: 'reduce',
        ...options,
      });
      // Sooner than the test's own time is up: what is waited for in vain is named then.
      context.setDefaultTimeout(15_000);
      await context.grantPermissions(['clipboard-read', 'clipboard-write']);
      const page = await context.newPage();
      listenForFaults(page, faults);
      return page;
    },
    close: async () => {
      await browser.close();
      await app.close();
      await sandbox.stop();
      if (faults.length > 0) throw new Error(`The console complained: ${faults.join('; ')}`);
    },
  };
}

/** The errors of the client (`packages/client/src/errors.ts`), and what the browser says of them. */
const refusals = new RegExp(
  '^(Failed to load resource|(Api|Connection|BadRequest|Authentication|Permission|NotFound|Conflict|Gone|PreconditionFailed|' +
    'Validation|RateLimit|Server)Error: )',
);

/** What a person does not see and a developer would: exceptions, and anything the security policy blocked. */
function listenForFaults(page: Page, faults: string[]): void {
  page.on('pageerror', (error) => faults.push(error.message));
  page.on('console', (message) => {
    // A refusal of the service is logged by the browser, and by React; the story says whether it belongs there.
    const refusal = refusals.test(message.text());
    if (message.type() === 'error' && !refusal) faults.push(message.text());
  });
}
