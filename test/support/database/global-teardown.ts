import './global-setup.ts';
import { dropRun } from './server.ts';

/** Removes what the run left behind and stops the server if it was ours. */
export default async function tearDown(): Promise<void> {
  const server = globalThis.testDatabaseServer;
  if (!server) return;
  globalThis.testDatabaseServer = undefined;
  await dropRun(server.url, process.env.TEST_RUN ?? '');
  await server.stop();
}
