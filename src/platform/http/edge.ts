import { randomUUID } from 'node:crypto';
import { Logger } from '@nestjs/common';
import { FastifyAdapter, RouteConfig } from '@nestjs/platform-fastify';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { readId } from '#kernel/id';
import { inRequest } from '../database/scope.js';
import { observeRequest } from '../metrics/request-metrics.js';
import { guards, refuseAddress, refuseBytes, refuseExpectations } from './before-routes.js';

const bodyLimit = 1024 * 1024;

/** How long a stop waits for answers that are being written: an orchestrator gives ten seconds in all. */
const stopWithinMs = 4_000;

/** A client has this long for its headers, and then for its body: whoever says a byte a second must not keep a place. */
const headersWithinMs = 8_000;
const bodyWithinMs = 13_000;
const checkConnectionsEveryMs = 1_000;

/** Bodies that are read line by line as they arrive. Only routes marked `TakesLines` take them; the others answer 415. */
const lines = 'application/x-ndjson';

const form = 'application/x-www-form-urlencoded';
/** Forms are taken from strangers and cost far more to take apart than JSON does. The largest is a token of some kilobytes. */
const formLimit = 64 * 1024;

interface RouteMarks {
  takesLines?: boolean;
  takesForm?: boolean;
}

/** The route reads `application/x-ndjson` from the request itself, sees to its limits of time, and is given nothing else. */
export const TakesLines = (): MethodDecorator => RouteConfig({ takesLines: true } satisfies RouteMarks);

/** The route takes a form as its body, because a standard says so; of names that come twice, the last one counts. */
export const TakesForm = (): MethodDecorator => RouteConfig({ takesForm: true } satisfies RouteMarks);

const marksOf = ({ routeOptions }: FastifyRequest): RouteMarks => (routeOptions.config as RouteMarks | undefined) ?? {};

const uncompressed = new Set([undefined, '', 'identity']);

const log = new Logger('http');

/** The route with the ids that were asked for. Whatever else stands in an address may be a person, and stays out. */
function pathOf({ routeOptions, params }: FastifyRequest): string {
  const given = params as Partial<Record<string, string>>;
  return (routeOptions.url ?? '(unknown)').replaceAll(/:(\w+)/g, (place, name: string) => {
    const id = given[name];
    return readId(id) ?? place;
  });
}

/** One line for each answer: who waited for what, how long, and how it ended. */
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
 * Ends the connection of a body that does not come in time. No answer: who is not listening would not read it. Bodies of lines
 * are their reader's to end, until they are answered.
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

/** What every request and answer has in common, before any route is looked at. */
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
  // Only now: reading a body loses what was begun before it.
  fastify.addHook('preHandler', (_request, _reply, done) => inRequest(done));
  fastify.addHook('onResponse', async (request, reply) => note(request, reply));
  fastify.addHook('preClose', async () => {
    setTimeout(() => fastify.server.closeAllConnections(), stopWithinMs).unref();
  });
  // The API takes JSON. Forms and plain texts would only be bodies that no route can use.
  fastify.removeContentTypeParser('text/plain');
  fastify.addContentTypeParser(lines, (request, payload, done) =>
    marksOf(request).takesLines ? done(null, payload) : done(unsupported()),
  );
  fastify.addContentTypeParser<string>(form, { parseAs: 'string', bodyLimit: formLimit }, (request, body, done) =>
    marksOf(request).takesForm ? done(null, Object.fromEntries(new URLSearchParams(body))) : done(unsupported()),
  );
  refuseExpectations(fastify);
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

/** Knows when its process is being stopped: from then on every answer ends its connection. */
class Edge extends FastifyAdapter {
  stopping = false;

  override beforeClose(): void {
    super.beforeClose();
    this.stopping = true;
  }
}

/** `trustProxyHops`: so many proxies' word for who asks is taken; what a client wrote before them is not. */
export function fastifyAdapter(trustProxyHops = 0): FastifyAdapter {
  const adapter = new Edge({
    bodyLimit,
    // A function, because a mere number of hops trusts nobody in this Fastify.
    trustProxy: trustProxyHops > 0 && ((_address: string, hop: number) => hop < trustProxyHops),
    genReqId: () => randomUUID(),
    requestIdHeader: false,
    // As long as a request's head may be: an id that is too long is no id, and answered like any other that is none.
    routerOptions: { ignoreTrailingSlash: true, maxParamLength: 16 * 1024 },
    http: {
      requireHostHeader: false,
      headersTimeout: headersWithinMs,
      connectionsCheckingInterval: checkConnectionsEveryMs,
    },
    // Headers and bodies have limits of their own; together they would end a long import.
    requestTimeout: 0,
    connectionTimeout: 0,
    keepAliveTimeout: 65_000,
    frameworkErrors: refuseAddress,
    clientErrorHandler: refuseBytes,
    // Whoever still comes during a stop is served.
    return503OnClosing: false,
  });
  const fastify = adapter.getInstance<FastifyInstance>();
  fastify.addHook('onRoute', ({ method, url }) => {
    for (const one of [method].flat()) if (one !== 'HEAD' && one !== 'OPTIONS') knownRoutes.add(one, url);
  });
  prepare(fastify);
  fastify.addHook('onSend', async (_request, reply) => {
    if (adapter.stopping) void reply.header('connection', 'close');
  });
  return adapter;
}

/** For a year, and for hosts below: whoever came by https once never comes without it. */
export function insistOnHttps(fastify: FastifyInstance): void {
  fastify.addHook('onRequest', async (_request, reply) => {
    void reply.header('strict-transport-security', 'max-age=31536000; includeSubDomains');
  });
}
