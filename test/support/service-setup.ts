import { buildIfNeeded } from '../../scripts/local-run.ts';
import setUpDatabase from './database/global-setup.ts';

/** A database server and the built service, before the first suite: suites that run side by side must not build over each other. */
export default async function setUp(): Promise<void> {
  buildIfNeeded();
  await setUpDatabase();
}
