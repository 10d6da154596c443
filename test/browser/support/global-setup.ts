import { buildConsoleIfNeeded } from '../../../scripts/local-run.ts';
import setUpDatabase from '../../support/database/global-setup.ts';
import { unpackBrowser } from './unpack-browser.ts';

/** A database server, a browser and a built console, before the first suite. */
export default async function setUp(): Promise<void> {
  await setUpDatabase();
  buildConsoleIfNeeded();
  await unpackBrowser();
}
