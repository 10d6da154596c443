import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { FastifyInstance } from 'fastify';

const folder = join(import.meta.dirname, 'page');

/** The page that controls the stand-in, and the page that the invitation's link opens. */
export function registerPage(app: FastifyInstance): void {
  serve(app, '/', 'index.html', 'text/html; charset=utf-8');
  serve(app, '/candidate/:token', 'candidate.html', 'text/html; charset=utf-8');
  serve(app, '/theme.css', 'theme.css', 'text/css; charset=utf-8');
  serve(app, '/page.css', 'page.css', 'text/css; charset=utf-8');
}

function serve(app: FastifyInstance, url: string, file: string, type: string): void {
  const content = readFileSync(join(folder, file), 'utf8');
  const policy = policyFor(content);
  app.get(url, (_request, reply) => reply.type(type).header('content-security-policy', policy).send(content));
}

/** Only the page's own script can run, whatever an address or a package name contains. */
function policyFor(content: string): string {
  const script = /<script>([\s\S]*?)<\/script>/.exec(content)?.[1] ?? '';
  const hash = createHash('sha256').update(script).digest('base64');
  return [
    `default-src 'none'; script-src 'sha256-${hash}'; style-src 'self'; connect-src 'self'; img-src data:`,
    `base-uri 'none'; form-action 'none'; frame-ancestors 'none'`,
  ].join('; ');
}
