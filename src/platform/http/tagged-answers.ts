import { createHash } from 'node:crypto';
import type { FastifyInstance, FastifyReply, onSendAsyncHookHandler, RouteOptions } from 'fastify';
import { encodedTag, partsOf, readTags, type TagParts, valueOf } from './entity-tags.js';
import { isRead, type VersionedRequest } from './version.interceptor.js';
import { answerInstead } from './negotiation.js';
import { frameworkRefusal, type Refusal, refusalOf } from './refusal.js';

/** Headers that say something of the answer that its body does not. */
const ofAnswer = ['link', 'x-total-count', 'x-total-count-capped', 'x-environment', 'x-stale'];

/**
 * Gives JSON reads their `ETag`, and answers `If-None-Match` with 304 and `If-Match` with 412. The answer was made before: rights were
 * checked, and a read that is audited has its entry. Call it after `compressAnswers` and before routes are added.
 */
export function tagAnswers(fastify: FastifyInstance): void {
  fastify.addHook('onSend', async (request: VersionedRequest, reply, payload: unknown) => {
    if (typeof payload !== 'string' || !isTagged(request, reply)) return payload;
    const parts = { version: request.version ?? null, hash: hashOf(payload, reply) };
    void reply.header('etag', `"${valueOf(parts)}"`);
    if (!isRead(request.method)) return payload;
    const { 'if-match': ifMatch, 'if-none-match': ifNoneMatch } = request.headers;
    const refusal = ifMatch === undefined ? null : refusalOfRead(ifMatch, parts);
    if (refusal) return answerInstead(request, reply, refusal);
    if (ifNoneMatch === undefined || !isNamed(ifNoneMatch, parts, 'weak')) return payload;
    void reply.status(304);
    return '';
  });
  fastify.addHook('onRoute', (route: RouteOptions) => {
    // Behind the compression, which the hooks of the route do.
    route.onSend = [...[route.onSend ?? []].flat(), finish];
  });
}

const finish: onSendAsyncHookHandler = async (_request, reply, payload) => {
  if (reply.statusCode === 304) {
    for (const name of ['content-type', 'content-length']) void reply.removeHeader(name);
    return null;
  }
  const [tag, encoding] = [reply.getHeader('etag'), reply.getHeader('content-encoding')];
  // A weak tag, as files have, means every encoding.
  if (typeof tag === 'string' && tag.startsWith('"') && typeof encoding === 'string')
    void reply.header('etag', encodedTag(tag, encoding));
  return payload;
};

/** Streams, files, errors and what is outside of the API have no tag. A change has one when it says which version it made. */
function isTagged({ method, routeOptions, version }: VersionedRequest, reply: FastifyReply): boolean {
  if (reply.statusCode !== 200 || !String(reply.getHeader('content-type')).startsWith('application/json')) return false;
  return isRead(method) ? routeOptions.url?.startsWith('/ats/') === true : version !== undefined;
}

function hashOf(payload: string, reply: FastifyReply): string {
  const hash = createHash('sha256').update(payload);
  for (const name of ofAnswer) hash.update(`\n${name}: ${String(reply.getHeader(name) ?? '')}`);
  return hash.digest('base64url').slice(0, 22);
}

/** A malformed header names nothing. */
function isNamed(header: string, present: TagParts, comparison: 'strong' | 'weak'): boolean {
  const tags = readTags(header);
  if (tags === null || tags === '*') return tags === '*';
  return tags.some(({ isWeak, value }) => {
    const parts = partsOf(value);
    return parts !== null && valueOf(parts) === valueOf(present) && (comparison === 'weak' || !isWeak);
  });
}

function refusalOfRead(ifMatch: string, present: TagParts): Refusal | null {
  if (readTags(ifMatch) === null) return frameworkRefusal(400);
  if (isNamed(ifMatch, present, 'strong')) return null;
  const message = 'This has changed since you read it.';
  return refusalOf(412, 'changed_meanwhile', message, { headers: { 'If-Match': [message] } });
}
