import { createApp } from './app.js';
import { pendingMigrations, schemaNames } from './pending-migrations.js';
import { endOnCrash } from './platform/crash.js';
import { roleFault } from './platform/database/service-role.js';
import { type Settings, SettingsError } from './platform/config/settings.js';
import { readSettings } from './settings.js';

/** Ends a start that cannot succeed, with a line for each fault that says what to do. */
function refuse(lines: string[]): never {
  for (const line of lines) process.stderr.write(`${line}\n`);
  process.exit(1);
}

function settingsOrRefuse(): Settings {
  try {
    return readSettings(process.env);
  } catch (error) {
    if (error instanceof SettingsError) refuse(error.faults);
    throw error;
  }
}

async function databaseIsReady(settings: Settings): Promise<void> {
  const pending = await pendingMigrations(settings.databaseUrl).catch((error: Error) =>
    refuse([
      `The database at DATABASE_URL does not answer (${error.message}): is it running, and is the address right?`,
    ]),
  );
  if (pending.length > 0) refuse([`The database is behind by ${pending.length} migrations: run "npm run migrate".`]);
  const fault = await roleFault(settings.databaseUrl, schemaNames(), settings.production);
  if (fault !== null) refuse([fault]);
}

/** An orchestrator gives a process ten seconds. A hanging connection (to a database that stopped first) must not delay the exit. */
const stopWithinMs = 9_500;

for (const signal of ['SIGTERM', 'SIGINT'] as const) {
  process.once(signal, () => setTimeout(() => process.exit(1), stopWithinMs).unref());
}

endOnCrash();
const settings = settingsOrRefuse();
await databaseIsReady(settings);
const app = await createApp();
await app.listen(settings.port, settings.host).catch((error: NodeJS.ErrnoException) => {
  if (error.code === 'EADDRINUSE') refuse([`Port ${settings.port} is taken: stop what uses it, or set PORT.`]);
  throw error;
});
