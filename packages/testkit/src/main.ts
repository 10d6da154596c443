#!/usr/bin/env node
import { startSandbox } from './app.ts';

const { SANDBOX_HOST, SANDBOX_PORT, SANDBOX_DATA_DIR, SANDBOX_KEEP_ALIVE_MS, SANDBOX_CONTROL_FROM } = process.env;
const port = Number(SANDBOX_PORT ?? 4010);

try {
  const sandbox = await startSandbox({
    host: SANDBOX_HOST,
    port,
    dataDir: SANDBOX_DATA_DIR === '' ? undefined : SANDBOX_DATA_DIR,
    keepAliveMs: SANDBOX_KEEP_ALIVE_MS === undefined ? undefined : Number(SANDBOX_KEEP_ALIVE_MS),
    controlFromAnywhere: SANDBOX_CONTROL_FROM === 'anywhere',
  });
  const stop = (): void => void sandbox.close().then(() => process.exit(0));
  process.once('SIGTERM', stop);
  process.once('SIGINT', stop);
  console.log(JSON.stringify({ ready: true, url: sandbox.url }));
} catch (error) {
  const taken = error instanceof Error && 'code' in error && error.code === 'EADDRINUSE';
  const why = taken ? `port ${port} is already in use` : error instanceof Error ? error.message : String(error);
  console.error(`The stand-in Certn cannot start: ${why}.`);
  process.exit(1);
}
