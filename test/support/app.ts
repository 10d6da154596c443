import type { AddressInfo } from 'node:net';
import type { Type } from '@nestjs/common';
import { createApp } from '../../src/app.js';
import { environment } from './environment.js';
import { createTestDatabase } from './test-database.js';

export interface RunningApp {
  url: string;
  databaseUrl: string;
  close(): Promise<void>;
}

export interface AppInThisProcess extends RunningApp {
  /** A provider of the service, by its class. */
  get<T>(part: Type<T>): T;
}

export interface AppOptions {
  /** Further settings, such as CERTN_BASE_URL of a stand-in. */
  env?: Record<string, string>;
  /** Uses this database instead of a new one. */
  databaseUrl?: string;
  /** The port, when the address must be known before the start. */
  port?: number;
}

/** The whole service in this process, on its own database and a free port. */
export async function startApp(options: AppOptions = {}): Promise<AppInThisProcess> {
  const database = options.databaseUrl ? null : await createTestDatabase();
  const databaseUrl = options.databaseUrl ?? database?.url ?? '';
  Object.assign(process.env, environment(databaseUrl, options.env));
  const app = await createApp();
  await app.listen(options.port ?? 0, '127.0.0.1');
  const { port } = app.getHttpServer().address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    databaseUrl,
    get: (part) => app.get(part, { strict: false }),
    close: async () => {
      await app.close();
      await database?.drop();
    },
  };
}
