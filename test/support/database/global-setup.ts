import { randomBytes } from 'node:crypto';
import { type DatabaseServer, findServer } from './server.ts';

declare global {
  var testDatabaseServer: DatabaseServer | undefined;
}

/** One server for the whole run, found or started before the first suite. The suites read its address from the environment. */
export default async function setUp(): Promise<void> {
  if (globalThis.testDatabaseServer) return;
  const server = await findServer(process.env);
  globalThis.testDatabaseServer = server;
  process.env.TEST_ADMIN_URL = server.url;
  process.env.TEST_RUN = randomBytes(4).toString('hex');
  console.log(`\nTests run on ${server.what}.`);
}
