import { join } from 'node:path';
import { type Browser, chromium } from 'playwright-core';
import { browserFolder } from './unpack-browser.ts';

/** CHROMIUM_PATH: another Chromium, on machines for which npm's is not made (it is for Linux on x64). */
export function launchBrowser(): Promise<Browser> {
  const other = process.env['CHROMIUM_PATH'];
  if (other !== undefined) return chromium.launch({ executablePath: other, args: ['--no-sandbox'] });
  return chromium.launch({
    executablePath: join(browserFolder, 'chromium'),
    // Tests may run as root, where the browser's own sandbox does not start; it opens no page but ours.
    args: ['--no-sandbox'],
    env: {
      ...process.env,
      LD_LIBRARY_PATH: join(browserFolder, 'al2023', 'lib'),
      FONTCONFIG_FILE: join(browserFolder, 'fonts.conf'),
    },
  });
}
