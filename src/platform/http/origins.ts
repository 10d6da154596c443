import cors, { type FastifyCorsOptions } from '@fastify/cors';
import type { FastifyInstance } from 'fastify';
import type { Settings } from '../config/settings.js';

/** The headers that a page of another origin may read besides the body. */
const readable = [
  'Deprecation',
  'ETag',
  'Idempotent-Replayed',
  'Link',
  'RateLimit-Limit',
  'RateLimit-Remaining',
  'RateLimit-Reset',
  'Retry-After',
  'Sunset',
  'X-Environment',
  'X-Fetched-At',
  'X-Request-Id',
  'X-Stale',
  'X-Total-Count',
  'X-Total-Count-Capped',
];

/** Lets pages of the named origins (`CORS_ORIGINS`) call the API. Without any, browsers block pages of all other origins. */
export function allowOrigins(fastify: FastifyInstance, { corsOrigins }: Settings): void {
  if (corsOrigins.length === 0) return;
  const open: FastifyCorsOptions = {
    origin: corsOrigins,
    allowedHeaders: [
      'Authorization',
      'Content-Type',
      'Idempotency-Key',
      'If-Match',
      'If-None-Match',
      'Last-Event-ID',
      'X-Team-Id',
    ],
    methods: ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'],
    exposedHeaders: readable,
    maxAge: 600,
  };
  const closed: FastifyCorsOptions = { origin: false };
  void fastify.register(cors, {
    delegator: (request, done) => done(null, request.url.startsWith('/ats/v0/') ? open : closed),
  });
}
