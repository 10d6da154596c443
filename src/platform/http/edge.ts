import { randomUUID } from 'node:crypto';
import { Logger } from '@nestjs/common';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';

const bodyLimit = 1024 * 1024;

/** How long a stop waits for answers that are being written: an orchestrator gives ten seconds in all. */
const stopWithinMs = 8_000;

const uncompressed = new Set([undefined, '', 'identity']);

const log = new Logger('http');

/** One line for each answer: who waited for what, how long, and how it ended. Queries may hold people, so paths only. */
function note(request: FastifyRequest, reply: FastifyReply): void {
  const path = request.url.split('?', 1)[0] ?? '';
  if (path.startsWith('/health/')) return;
  const { id: requestId, method } = request;
  const line = { requestId, method, path, status: reply.statusCode, ms: Math.round(reply.elapsedTime) };
  if (reply.statusCode >= 500) log.warn(line, 'answered');
  else log.debug(line, 'answered');
}

/** What every request and answer has in common, before any route is looked at. */
function prepare(fastify: FastifyInstance): void {
  fastify.addHook('onRequest', async (request, reply) => {
    void reply.header('x-request-id', request.id).header('cache-control', 'no-store');
    void reply.header('x-content-type-options', 'nosniff');
    if (!uncompressed.has(request.headers['content-encoding'])) {
      throw Object.assign(new Error('compressed body'), { statusCode: 415 });
    }
  });
  fastify.addHook('onResponse', async (request, reply) => note(request, reply));
  fastify.addHook('preClose', async () => {
    setTimeout(() => fastify.server.closeAllConnections(), stopWithinMs).unref();
  });
  // Imports are read line by line as they arrive, however long they are.
  fastify.addContentTypeParser('application/x-ndjson', (_request, payload, done) => done(null, payload));
}

/** Remembers every route, to tell a wrong method (405) from a wrong address (404). */
export class KnownRoutes {
  private readonly patterns: { method: string; segments: string[] }[] = [];

  add(method: string, url: string): void {
    this.patterns.push({ method, segments: url.split('/').filter(Boolean) });
  }

  /** Whether some other method would have been taken at this path. */
  takesOtherMethods(method: string, path: string): boolean {
    const segments = path.split('?', 1)[0]?.split('/').filter(Boolean) ?? [];
    return this.patterns.some(
      (p) =>
        p.method !== method &&
        p.segments.length === segments.length &&
        p.segments.every((part, i) => part.startsWith(':') || part === segments[i]),
    );
  }
}

export const knownRoutes = new KnownRoutes();

export function fastifyAdapter(): FastifyAdapter {
  const adapter = new FastifyAdapter({
    bodyLimit,
    genReqId: () => randomUUID(),
    requestIdHeader: false,
    routerOptions: { ignoreTrailingSlash: true, maxParamLength: 256 },
    requestTimeout: 30_000,
    connectionTimeout: 0,
    keepAliveTimeout: 65_000,
  });
  const fastify = adapter.getInstance<FastifyInstance>();
  fastify.addHook('onRoute', ({ method, url }) => {
    for (const one of [method].flat()) if (one !== 'HEAD' && one !== 'OPTIONS') knownRoutes.add(one, url);
  });
  prepare(fastify);
  return adapter;
}
