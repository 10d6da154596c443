import { existsSync } from 'node:fs';
import { join } from 'node:path';
import fastifyStatic from '@fastify/static';
import { Logger } from '@nestjs/common';
import type { FastifyInstance } from 'fastify';

/** The same path from `src/` and from `dist/`. */
const built = join(import.meta.dirname, '..', '..', '..', 'web', 'dist');

/** Allows only our own scripts and calls to our own origin. A PDF is shown from a blob. */
const contentSecurityPolicy = [
  "default-src 'none'",
  "script-src 'self'",
  // The component library writes its colours into a style element.
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data:",
  "font-src 'self'",
  "connect-src 'self'",
  'frame-src blob:',
  "base-uri 'none'",
  // Forms are sent by script, and signing in is a link.
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

/** Serves the built console at the addresses of its screens, and below. Hashed assets are cached without limit, the page never. */
export function serveConsole(fastify: FastifyInstance, screens: readonly string[]): void {
  if (!existsSync(join(built, 'index.html'))) {
    new Logger('console').warn('the console is not built: "npm run build" makes it');
    return;
  }
  const headers = {
    'content-security-policy': contentSecurityPolicy,
    'cross-origin-opener-policy': 'same-origin',
    'permissions-policy': 'camera=(), microphone=(), geolocation=(), payment=()',
  };
  void fastify.register(fastifyStatic, {
    root: join(built, 'assets'),
    prefix: '/assets/',
    index: false,
    preCompressed: true,
    immutable: true,
    maxAge: '1y',
  });
  for (const url of screens.flatMap((screen) => (screen === '/' ? [screen] : [screen, `${screen}/*`]))) {
    fastify.get(url, (_request, reply) =>
      reply.headers(headers).sendFile('index.html', built, { cacheControl: false }),
    );
  }
}
