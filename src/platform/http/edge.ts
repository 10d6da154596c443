import { randomUUID } from 'node:crypto';
import { Logger } from '@nestjs/common';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { readId } from '#kernel/id';
import { inRequest } from '../database/scope.js';
import { observeRequest } from '../metrics/request-metrics.js';
import { guards, refuseAddress, refuseBytes, refuseExpectations } from './before-routes.js';
import { marksOf } from './route-marks.js';

const bodyLimit = 1024 * 1024;

/** How long a shutdown waits for answers that are being written. An orchestrator gives ten seconds in all. */
const stopWithinMs = 4_000;

/** A client has this long for its headers, and then for its body, so that a slow sender cannot hold a connection. */
const headersWithinMs = 8_000;
const bodyWithinMs = 13_000;
const checkConnectionsEveryMs = 1_000;

/** Bodies that are read line by line as they arrive. Only routes marked `TakesLines` accept them; others answer 415. */
const lines = 'application/x-ndjson';

const form = 'application/x-www-form-urlencoded';
/** Forms come from unauthenticated clients and cost far more to parse than JSON. The largest holds a token of some kilobytes. */
const formLimit = 64 * 1024;

const uncompressed = new Set([undefined, '', 'identity']);

const log = new Logger('http');

/** The route with its ids filled in. Other parts of an address may hold personal data and are left out. */
function pathOf({ routeOptions, params }: FastifyRequest): string {
  const given = params as Partial<Record<string, string>>;
  return (routeOptions.url ?? '(unknown)').replaceAll(/:(\w+)/g, (place, name: string) => {
    const id = given[name];
    return readId(id) ?? place;
  });
}

/** Logs one line for each answer: the request, its duration and its status. */
function note(request: FastifyRequest, reply: FastifyReply): void {
  const { url = '(unknown)' } = request.routeOptions;
  observeRequest(request.method, url, reply.statusCode, reply.elapsedTime);
  const path = pathOf(request);
  if (path.startsWith('/health/')) return;
  const { id: requestId, method } = request;
  const line = { requestId, method, path, status: reply.statusCode, ms: Math.round(reply.elapsedTime) };
  if (reply.statusCode >= 500) log.warn(line, 'answered');
  else log.debug(line, 'answered');
}

/**
 * Closes the connection when a body does not arrive in time. It sends no answer, because such a client would not read it. Until the
 * answer, the route that reads lines enforces the time limits of their bodies.
 */
function limitBody(request: FastifyRequest, reply: FastifyReply): void {
  const { raw } = request;
  const { socket, headers } = raw;
  if (headers['content-length'] === undefined && headers['transfer-encoding'] === undefined) return;
  const isRead = (): boolean =>
    marksOf(request).takesLines === true && reply.raw.headersSent && !reply.raw.writableEnded;
  const timer = setInterval(() => {
    if (!raw.complete && !isRead()) socket.destroy();
  }, bodyWithinMs).unref();
  raw.once('close', () => clearInterval(timer));
}

const unsupported = (): Error => Object.assign(new Error('unsupported media type'), { statusCode: 415 });

/** What applies to every request and answer, before routing. */
function prepare(fastify: FastifyInstance): void {
  fastify.addHook('onRequest', async (request, reply) => {
    limitBody(request, reply);
    void reply.header('x-request-id', request.id).header('cache-control', 'no-store');
    void reply.headers(guards);
    if (request.headers.host === undefined) throw Object.assign(new Error('no host'), { statusCode: 400 });
    if (!uncompressed.has(request.headers['content-encoding'])) {
      throw unsupported();
    }
  });
  // Not earlier: reading a body loses the asynchronous context that was entered before it.
  fastify.addHook('preHandler', (_request, _reply, done) => inRequest(done));
  fastify.addHook('onResponse', async (request, reply) => note(request, reply));
  fastify.addHook('preClose', async () => {
    setTimeout(() => fastify.server.closeAllConnections(), stopWithinMs).unref();
  });
  // The API takes JSON. No route can use forms or plain text.
  fastify.removeContentTypeParser('text/plain');
  fastify.addContentTypeParser(lines, (request, payload, done) =>
    marksOf(request).takesLines ? done(null, payload) : done(unsupported()),
  );
  fastify.addContentTypeParser<string>(form, { parseAs: 'string', bodyLimit: formLimit }, (request, body, done) =>
    marksOf(request).takesForm ? done(null, Object.fromEntries(new URLSearchParams(body))) : done(unsupported()),
  );
  refuseExpectations(fastify);
}

/** Remembers every route, to tell a wrong method (405) from an unknown address (404), and to say which methods are right. */
export class KnownRoutes {
  private readonly patterns: { method: string; segments: string[] }[] = [];

  add(method: string, url: string): void {
    this.patterns.push({ method, segments: url.split('/').filter(Boolean) });
  }

  /** The methods that an address accepts, in alphabetical order; empty for an unknown address. */
  methodsAt(url: string): string[] {
    const segments = url.split('?', 1)[0]?.split('/').filter(Boolean) ?? [];
    const here = this.patterns.filter(
      (p) =>
        p.segments.length === segments.length &&
        p.segments.every((part, i) => part.startsWith(':') || part === segments[i]),
    );
    return here.length === 0 ? [] : [...new Set([...here.map(({ method }) => method), 'OPTIONS'])].sort();
  }
}

export const knownRoutes = new KnownRoutes();

/** Answers OPTIONS with the methods of the address. A CORS preflight is answered elsewhere (`origins.ts`). */
function answerOptions(fastify: FastifyInstance): void {
  fastify.addHook('onRequest', async ({ method, url, headers }, reply) => {
    if (method !== 'OPTIONS' || headers['access-control-request-method'] !== undefined) return;
    const methods = knownRoutes.methodsAt(url);
    if (methods.length > 0) await reply.status(204).header('allow', methods.join(', ')).send();
  });
}

/** Knows when its process shuts down. From then on every answer closes its connection. */
class Edge extends FastifyAdapter {
  stopping = false;

  override beforeClose(): void {
    super.beforeClose();
    this.stopping = true;
  }
}

/** `trustProxyHops`: how many proxies are trusted to name the client's address. What a client wrote before them is ignored. */
export function fastifyAdapter(trustProxyHops = 0): FastifyAdapter {
  const adapter = new Edge({
    bodyLimit,
    // A function, because this version of Fastify trusts no proxy when it is given a number.
    trustProxy: trustProxyHops > 0 && ((_address: string, hop: number) => hop < trustProxyHops),
    genReqId: () => randomUUID(),
    requestIdHeader: false,
    // Equals the limit of a request's head: an id that is too long is then answered like any other malformed id.
    routerOptions: { ignoreTrailingSlash: true, maxParamLength: 16 * 1024 },
    http: {
      requireHostHeader: false,
      headersTimeout: headersWithinMs,
      connectionsCheckingInterval: checkConnectionsEveryMs,
    },
    // Headers and bodies have time limits of their own. A common limit would end a long import.
    requestTimeout: 0,
    connectionTimeout: 0,
    keepAliveTimeout: 65_000,
    frameworkErrors: refuseAddress,
    clientErrorHandler: refuseBytes,
    // Requests that arrive during a shutdown are served.
    return503OnClosing: false,
  });
  const fastify = adapter.getInstance<FastifyInstance>();
  fastify.addHook('onRoute', ({ method, url }) => {
    for (const one of [method].flat()) if (one !== 'OPTIONS') knownRoutes.add(one, url);
  });
  prepare(fastify);
  answerOptions(fastify);
  fastify.addHook('onSend', async (_request, reply) => {
    if (adapter.stopping) void reply.header('connection', 'close');
  });
  return adapter;
}

/** Sets HSTS for a year, subdomains included: a browser that came by https once never comes without it. */
export function insistOnHttps(fastify: FastifyInstance): void {
  fastify.addHook('onRequest', async (_request, reply) => {
    void reply.header('strict-transport-security', 'max-age=31536000; includeSubDomains');
  });
}
