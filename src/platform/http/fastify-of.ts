import type { HttpAdapterHost } from '@nestjs/core';
import type { FastifyInstance } from 'fastify';

/** The service's Fastify; undefined in a command, which has the application but no HTTP server. */
export const fastifyOf = (host: HttpAdapterHost): FastifyInstance | undefined =>
  (host.httpAdapter as HttpAdapterHost['httpAdapter'] | undefined)?.getInstance<FastifyInstance>();
