import type { FastifyInstance, FastifyRequest } from 'fastify';
import { type Deprecation, mark, marksOf } from './route-marks.js';

/**
 * Marks what is deprecated about a route. Its answers carry `Deprecation` (RFC 9745), `Sunset` (RFC 8594) and a link to the
 * documentation, and `openapi.json` says `deprecated`.
 */
export const Deprecated = (...deprecated: Deprecation[]): MethodDecorator => mark({ deprecated });

/** Tells clients that use something deprecated, also when they are refused. Several of one request are told as the most urgent one. */
export function announceDeprecations(fastify: FastifyInstance): void {
  fastify.addHook('onSend', async (request, reply, payload) => {
    const used = (marksOf(request).deprecated ?? []).filter((one) => uses(request, one));
    if (used.length === 0) return payload;
    const link = `<${fastify.publicUrl}/docs>; rel="deprecation"; type="text/html"`;
    void reply.headers({
      deprecation: `@${Math.min(...used.map(({ since }) => Date.parse(since))) / 1000}`,
      sunset: new Date(Math.min(...used.map(({ sunset }) => Date.parse(sunset)))).toUTCString(),
      link: [reply.getHeader('link'), link].flat().filter(Boolean).join(', '),
    });
    return payload;
  });
}

function uses({ query, body }: FastifyRequest, deprecation: Deprecation): boolean {
  if (deprecation.answer || !(deprecation.query ?? deprecation.body)) return true;
  return holds(query, deprecation.query) || holds(body, deprecation.body);
}

const holds = (sent: unknown, names: readonly string[] = []): boolean =>
  typeof sent === 'object' && sent !== null && names.some((name) => name in sent);
