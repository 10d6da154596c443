import type { AddressInfo } from 'node:net';
import type { Type } from '@nestjs/common';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { Test } from '@nestjs/testing';
import { AppModule } from '../../src/app.module.js';
import { appOptions, createApp, prepared } from '../../src/app.js';
import type { Vendor } from '../../src/contexts/integrations/gateway/domain/vendor.js';
import { Vendors } from '../../src/contexts/integrations/gateway/domain/vendors.js';
import { makeVendors } from '../../src/contexts/integrations/integrations.module.js';
import { Reader } from '../../src/platform/config/reader.js';
import { fastifyAdapter } from '../../src/platform/http/edge.js';
import { environment } from './environment.js';
import { createTestDatabase } from './test-database.js';

declare global {
  /** The origins whose answers are judged by openapi.json (`judged-environment.mjs`); undefined: none are. */
  var judgedServices: Set<string> | undefined;
}

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
  /** Vendors beside those of the product. */
  vendors?: readonly VendorMaker[];
}

export type VendorMaker = (settings: Reader) => Vendor;

/** The whole service in this process, on its own database and a free port. */
export async function startApp(options: AppOptions = {}): Promise<AppInThisProcess> {
  const database = options.databaseUrl ? null : await createTestDatabase();
  const databaseUrl = options.databaseUrl ?? database?.url ?? '';
  Object.assign(process.env, environment(databaseUrl, options.env));
  const app = await (options.vendors ? createAppWith(options.vendors) : createApp());
  await app.listen(options.port ?? 0, '127.0.0.1');
  const { port } = app.getHttpServer().address() as AddressInfo;
  const url = `http://127.0.0.1:${port}`;
  globalThis.judgedServices?.add(url);
  return {
    url,
    databaseUrl,
    get: (part) => app.get(part, { strict: false }),
    close: async () => {
      await app.close();
      await database?.drop();
    },
  };
}

/** The service as it is when the vendors are on the list of `vendors/index.ts`. */
async function createAppWith(makers: readonly VendorMaker[]): Promise<NestFastifyApplication> {
  const reader = new Reader(process.env);
  const others = makers.map((make) => make(reader));
  const testing = await Test.createTestingModule({ imports: [AppModule] })
    .overrideProvider(Vendors)
    .useValue(new Vendors([...makeVendors(reader).all, ...others]))
    .compile();
  return prepared(testing.createNestApplication<NestFastifyApplication>(fastifyAdapter(0), appOptions));
}
