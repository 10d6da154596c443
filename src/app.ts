import fastifyAccepts from '@fastify/accepts';
import fastifyCookie from '@fastify/cookie';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { NestFactory } from '@nestjs/core';
import { Logger } from 'nestjs-pino';
import { AppModule } from './app.module.js';
import { consoleScreens } from './console-screens.js';
import { readPart } from './platform/config/reader.js';
import { serviceSettings, Settings } from './platform/config/settings.js';
import { compressAnswers } from './platform/http/compression.js';
import { serveApiDocument } from './platform/http/api-docs.js';
import { serveConsole } from './platform/http/console.js';
import { announceDeprecations } from './platform/http/deprecation.js';
import { allowOrigins } from './platform/http/origins.js';
import { fastifyAdapter, insistOnHttps } from './platform/http/edge.js';
import { tagAnswers } from './platform/http/tagged-answers.js';

/** Paths at the root; all others are below `/ats/v0`. */
const rootPaths = ['auth/*path', 'dev/*path', 'health/*path', 'console/config.json'];

export const appOptions = {
  bufferLogs: true,
  forceCloseConnections: false,
  abortOnError: false,
  // Fastify's own parser reads JSON. Nest's would also accept forms.
  bodyParser: false,
} as const;

/** The whole service, ready to listen. */
export async function createApp(): Promise<NestFastifyApplication> {
  const { trustProxyHops } = readPart(serviceSettings);
  const adapter = fastifyAdapter(trustProxyHops);
  return prepared(await NestFactory.create<NestFastifyApplication>(AppModule, adapter, appOptions));
}

/** Gives an application of the modules what surrounds them: its paths, cookies, origins and the console. */
export async function prepared(app: NestFastifyApplication): Promise<NestFastifyApplication> {
  app.useLogger(app.get(Logger));
  app.setGlobalPrefix('ats/v0', { exclude: rootPaths });
  const settings = app.get(Settings);
  const fastify = app.getHttpAdapter().getInstance();
  if (settings.publicUrl.startsWith('https:')) insistOnHttps(fastify);
  fastify.decorate('publicUrl', settings.publicUrl);
  await app.register(fastifyAccepts);
  await app.register(fastifyCookie);
  await compressAnswers(fastify);
  announceDeprecations(fastify);
  tagAnswers(fastify);
  allowOrigins(fastify, settings);
  serveApiDocument(fastify);
  serveConsole(fastify, consoleScreens);
  app.enableShutdownHooks(['SIGTERM', 'SIGINT'], { useProcessExit: true });
  return app;
}
