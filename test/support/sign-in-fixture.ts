import pg from 'pg';
import { freePort } from '../../scripts/free-port.js';
import { createTeam } from '../../src/commands/team-create.js';
import { type RunningApp, startApp } from './app.js';
import { type OpenIdProvider, startOpenIdProvider } from './openid-provider.js';

/** Two replicas on one database, where people sign in at their company's provider. */
export interface SignInFixture {
  provider: OpenIdProvider;
  one: RunningApp;
  two: RunningApp;
  /** Runs SQL on the database, which no other test uses. */
  sql(statement: string): Promise<Record<string, unknown>[]>;
  close(): Promise<void>;
}

export const ada = 'ada.moreno@juniper.example.org';
export const eve = 'eve.adler@elsewhere.example.org';

/** Ada and Eve are admins, each of her own team. */
export async function startSignInFixture(env: Record<string, string> = {}): Promise<SignInFixture> {
  const port = await freePort();
  const consoleUrl = `http://127.0.0.1:${port}`;
  const provider = await startOpenIdProvider({ consoleUrl });
  const all = { ...provider.env, PUBLIC_URL: consoleUrl, ...env };
  const one = await startApp({ port, env: all });
  const two = await startApp({ databaseUrl: one.databaseUrl, env: all });
  await createTeam(one.databaseUrl, { name: 'Juniper Works', adminName: 'Ada Moreno', adminEmail: ada });
  await createTeam(one.databaseUrl, { name: 'Elsewhere', adminName: 'Eve Adler', adminEmail: eve });
  const client = new pg.Client({ connectionString: one.databaseUrl });
  // The server may have ended first if a test failed.
  client.on('error', () => undefined);
  await client.connect();
  return {
    provider,
    one,
    two,
    sql: async (statement) => (await client.query<Record<string, unknown>>(statement)).rows,
    close: async () => {
      await client.end();
      await two.close();
      await one.close();
      await provider.close();
    },
  };
}
