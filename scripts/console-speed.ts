import type { Browser, Page } from 'playwright-core';
import { launchBrowser } from '../test/browser/support/browser.ts';
import { unpackBrowser } from '../test/browser/support/unpack-browser.ts';
import { larkspur } from './demo-data.ts';
import { CannotStart, readAddresses } from './local-run.ts';

/** Measures the size of the console's first load and the time to its first screen, on a running `npm start`. */
const limits = { firstLoadKb: 250, firstScreenMs: 1_000 };
const visits = 5;

interface Visit {
  /** Bytes of the built console over the wire, gzipped, from the first page to the first screen after sign-in. */
  bytes: number;
  /** From the choice of a demo user to the list of jobs. */
  firstScreenMs: number;
}

/** A first visit: nothing is cached. */
async function visit(browser: Browser, url: string): Promise<Visit> {
  const context = await browser.newContext({ baseURL: url, extraHTTPHeaders: { 'accept-encoding': 'gzip' } });
  const page = await context.newPage();
  const weigh = await scales(page);
  await page.goto('/');
  const person = page.getByRole('button', { name: larkspur.admin.name });
  await person.waitFor();
  const chosen = performance.now();
  await person.click();
  await page.getByRole('table').getByRole('link').first().waitFor();
  const firstScreenMs = performance.now() - chosen;
  const bytes = weigh();
  await context.close();
  return { bytes, firstScreenMs };
}

async function scales(page: Page): Promise<() => number> {
  const session = await page.context().newCDPSession(page);
  const built = new Set<string>();
  let bytes = 0;
  session.on('Network.responseReceived', ({ requestId, type }) => {
    if (['Document', 'Script', 'Stylesheet', 'Font', 'Image'].includes(type)) built.add(requestId);
  });
  session.on('Network.dataReceived', ({ requestId, encodedDataLength }) => {
    if (built.has(requestId)) bytes += encodedDataLength;
  });
  await session.send('Network.enable');
  return () => bytes;
}

async function measure(): Promise<Visit[]> {
  const { service } = readAddresses();
  await fetch(`${service}/health/ready`).catch(() => {
    throw new CannotStart(`Nothing answers at ${service}: run "npm start" in another terminal and come back.`);
  });
  await unpackBrowser();
  const browser = await launchBrowser();
  try {
    const measured: Visit[] = [];
    for (let i = 0; i < visits; i += 1) measured.push(await visit(browser, service));
    return measured;
  } finally {
    await browser.close();
  }
}

const median = (numbers: number[]): number => numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)] ?? 0;

function report(what: string, value: number, limit: number, unit: string): void {
  console.log(`${what.padEnd(44)}${value.toFixed(0).padStart(6)} ${unit}   at most ${limit}`);
  if (value > limit) process.exitCode = 1;
}

try {
  const all = await measure();
  const kb = median(all.map(({ bytes }) => bytes)) / 1_000;
  report('first load, gzipped', kb, limits.firstLoadKb, 'kB');
  const ms = median(all.map(({ firstScreenMs }) => firstScreenMs));
  report(`first screen after signing in (median of ${visits})`, ms, limits.firstScreenMs, 'ms');
} catch (error) {
  if (!(error instanceof CannotStart)) throw error;
  console.error(error.message);
  process.exitCode = 1;
}
