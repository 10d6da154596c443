import './global-setup.ts';
import { dropRun } from './server.ts';

/** Removes the databases of the run, and stops the server if the run started it. */
export default async function tearDown(): Promise<void> {
  const server = globalThis.testDatabaseServer;
  if (!server) return;
  globalThis.testDatabaseServer = undefined;
  await dropRun(server.url, process.env.TEST_RUN ?? '');
  await server.stop();
}
