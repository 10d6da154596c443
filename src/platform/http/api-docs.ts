import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import fastifyStatic from '@fastify/static';
import type { FastifyInstance } from 'fastify';

/** The same path from `src/` and from `dist/`. */
const file = join(import.meta.dirname, '..', '..', '..', 'openapi.json');
const renderer = dirname(fileURLToPath(import.meta.resolve('swagger-ui-dist/package.json')));

const page = `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8" />
    <meta name="viewport" content="width=device-width, initial-scale=1" />
    <title>API</title>
    <link rel="icon" href="data:," />
    <link rel="stylesheet" href="/docs/swagger-ui.css" />
  </head>
  <body>
    <div id="api"></div>
    <script src="/docs/swagger-ui-bundle.js"></script>
    <script src="/docs/show.js"></script>
  </body>
</html>
`;

/** Without "Try it out": a reader who is signed in to the console would change real data. */
const show = `SwaggerUIBundle({
  url: '/openapi.json',
  dom_id: '#api',
  deepLinking: true,
  docExpansion: 'list',
  supportedSubmitMethods: [],
  validatorUrl: null,
});
`;

/** Allows only our own scripts. The renderer sets styles on its elements. */
const contentSecurityPolicy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data:",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

const served = new Set(['/swagger-ui-bundle.js', '/swagger-ui.css']);

/** Serves the description of the API and a page that shows it. Both are the same for everyone, so they need no sign-in. */
export function serveApiDocument(fastify: FastifyInstance): void {
  const document = readFileSync(file);
  fastify.get('/openapi.json', (_request, reply) => reply.type('application/json; charset=utf-8').send(document));
  fastify.get('/docs', (_request, reply) =>
    reply.header('content-security-policy', contentSecurityPolicy).type('text/html; charset=utf-8').send(page),
  );
  fastify.get('/docs/show.js', (_request, reply) => reply.type('text/javascript; charset=utf-8').send(show));
  void fastify.register(fastifyStatic, {
    root: renderer,
    prefix: '/docs/',
    decorateReply: false,
    index: false,
    maxAge: '1d',
    allowedPath: (path) => served.has(path),
  });
}
