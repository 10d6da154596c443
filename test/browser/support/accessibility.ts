import { createRequire } from 'node:module';
import { readFileSync } from 'node:fs';
import type { AxeResults, RunOptions } from 'axe-core';
import type { Page } from 'playwright-core';
import { eventually } from '../../support/eventually.js';

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** What axe-core finds on the page as it is, one line each: nothing, in light and in dark. */
export async function accessibilityFaults(page: Page): Promise<string[]> {
  const faults: string[] = [];
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme });
    await eventually(`the page is ${colorScheme}`, () => page.evaluate<boolean>(settledIn(colorScheme)), Boolean);
    faults.push(
      ...(await faultsNow(page, colorScheme === 'dark' ? colours : {})).map((fault) => `${colorScheme}: ${fault}`),
    );
  }
  await page.emulateMedia({ colorScheme: null });
  return faults;
}

/** The console follows the scheme a moment later, and half-faded text has too little contrast. */
const settledIn = (scheme: string): string => `
  document.documentElement.dataset.mantineColorScheme === '${scheme}' &&
  document.getAnimations().every((animation) => animation.playState !== 'running')`;

/** Nothing else differs between the schemes. */
const colours: RunOptions = { runOnly: ['color-contrast', 'link-in-text-block'] };

async function faultsNow(page: Page, options: RunOptions): Promise<string[]> {
  // Not a script element: the console's security policy would block it.
  await page.evaluate(axe);
  const { violations } = await page.evaluate<AxeResults>(`axe.run(${JSON.stringify(options)})`);
  return violations.flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html.slice(0, 200)}`));
}
