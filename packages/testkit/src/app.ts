import { randomUUID } from 'node:crypto';
import fastify, { type FastifyInstance } from 'fastify';
import { registerControl } from './control/control.ts';
import { registerPage } from './page.ts';
import { missing } from './public-api/answers.ts';
import { registerCases } from './public-api/cases.ts';
import { registerCatalogue } from './public-api/catalogue.ts';
import { registerEvents } from './public-api/events.ts';
import { registerOrders } from './public-api/orders.ts';
import { registerReports } from './public-api/reports.ts';
import { send } from './public-api/send.ts';
import { Refusal } from './refusal.ts';
import { registerReportFiles } from './report-files.ts';
import { closeWorld, openWorld } from './open-world.ts';
import type { World } from './world.ts';

export interface SandboxOptions {
  host?: string;
  /** 0: any free port. */
  port?: number;
  dataDir?: string;
  /** Milliseconds after which an idle connection is closed. */
  keepAliveMs?: number;
  /** Answers the control API to other machines, too. Only where nobody else reaches the port. */
  controlFromAnywhere?: boolean;
}

export interface Sandbox {
  url: string;
  close: () => Promise<void>;
}

/** A stand-in Certn, listening. */
export async function startSandbox(options: SandboxOptions = {}): Promise<Sandbox> {
  const { host = '127.0.0.1', port = 0 } = options;
  const world = openWorld(options.dataDir);
  const app = build(world, options);
  try {
    world.url = await app.listen({ host, port });
  } catch (error) {
    closeWorld(world);
    throw error;
  }
  return {
    url: world.url,
    close: async () => {
      await app.close();
      closeWorld(world);
    },
  };
}

function build(world: World, options: SandboxOptions): FastifyInstance {
  const { keepAliveMs: keepAliveTimeout = 5_000, controlFromAnywhere = false } = options;
  const app = fastify({ forceCloseConnections: true, keepAliveTimeout, genReqId: () => randomUUID() });
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', { parseAs: 'string' }, (_request, body, done) => done(null, body));
  app.addHook('onRequest', async (request, reply) => {
    if (request.url.startsWith('/api/')) world.wire.begin(request.raw, reply.raw, request.id);
  });
  app.setNotFoundHandler((_request, reply) => send(reply, missing().answer));
  app.setErrorHandler((error, _request, reply) => {
    if (error instanceof Refusal) return reply.code(error.status).send({ message: error.message });
    console.error(error);
    return reply.code(500).send({ message: 'The stand-in itself failed; its log says why.' });
  });
  const parts = [registerOrders, registerReports, registerCases, registerCatalogue, registerEvents];
  for (const register of [...parts, registerReportFiles, registerPage]) register(app, world);
  registerControl(app, world, controlFromAnywhere);
  return app;
}
