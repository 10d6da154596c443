import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const file = join(import.meta.dirname, '..', '..', 'openapi.json');

/** What only a local run offers: the description of the API, which is public, leaves it out. */
const ofLocalRuns = ['GET /dev/users', 'GET /dev/demo', 'POST /dev/sign-in', 'POST /dev/sessions'];

/** `METHOD /path` of every route that openapi.json describes, and of those that only a local run has. */
export function everyRoute(): string[] {
  const { paths } = JSON.parse(readFileSync(file, 'utf8')) as { paths: Record<string, object> };
  const described = Object.entries(paths).flatMap(([path, methods]) =>
    Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`),
  );
  return [...described, ...ofLocalRuns];
}
