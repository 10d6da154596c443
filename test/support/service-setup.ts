import { buildIfNeeded } from '../../scripts/local-run.ts';
import setUpDatabase from './database/global-setup.ts';

/** A database server and the built service, before the first suite, because parallel suites must not build at the same time. */
export default async function setUp(): Promise<void> {
  buildIfNeeded();
  await setUpDatabase();
}
