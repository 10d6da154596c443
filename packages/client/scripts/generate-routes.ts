import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

interface Operation {
  operationId: string;
  parameters?: { in: string; name: string }[];
  requestBody?: { content: Record<string, unknown> };
  responses: Record<string, { content?: Record<string, unknown>; headers?: Record<string, unknown> }>;
}
export interface Document {
  paths: Record<string, Record<string, Operation>>;
}

/** What the client must know about an operation at run time. The types are in `schema.ts`. */
interface Route {
  method: string;
  path: string;
  /** The content type of the request's body. */
  body?: string;
  query?: true;
  /** The service keeps the first answer to an `Idempotency-Key`, so the request can be repeated. */
  idempotent?: true;
  /** `Link` leads to the next page. */
  paged?: true;
  /** The content type of the answer, when it is not JSON. */
  answer?: string;
}

function routeOf(method: string, path: string, { parameters = [], requestBody, responses }: Operation): Route {
  const success = Object.entries(responses).find(([status]) => status.startsWith('2'))?.[1];
  const answers = Object.keys(success?.content ?? {});
  const route: Route = { method: method.toUpperCase(), path };
  const [body] = Object.keys(requestBody?.content ?? {});
  if (body !== undefined) route.body = body;
  if (parameters.some((one) => one.in === 'query')) route.query = true;
  if (parameters.some((one) => one.name === 'Idempotency-Key')) route.idempotent = true;
  if (success?.headers && 'Link' in success.headers) route.paged = true;
  if (answers[0] !== undefined && !answers.includes('application/json')) route.answer = answers[0];
  return route;
}

/** Every `reason` of an error that the document names. */
function reasonsIn(value: unknown, found = new Set<string>()): Set<string> {
  if (typeof value !== 'object' || value === null) return found;
  const { reason } = value as { reason?: { enum?: string[] } };
  for (const name of reason?.enum ?? []) found.add(name);
  for (const inner of Object.values(value)) reasonsIn(inner, found);
  return found;
}

/** The text of `packages/client/src/generated/routes.ts`. */
export function generatedRoutes(document: Document): string {
  const operations = Object.entries(document.paths).flatMap(([path, item]) =>
    Object.entries(item).flatMap(([method, operation]) =>
      path.startsWith('/ats/') && 'operationId' in operation
        ? [`  ${operation.operationId}: ${JSON.stringify(routeOf(method, path, operation))},`]
        : [],
    ),
  );
  const reasons = [...reasonsIn(document)].sort().map((reason) => `  | ${JSON.stringify(reason)}`);
  return [
    '// Made from openapi.json by "npm run client". Do not change it by hand.',
    '',
    '/** How each operation is sent. */',
    'export const routes = {',
    ...operations.sort(),
    '} as const;',
    '',
    '/** Why the service refuses a request. */',
    `export type Reason =\n${reasons.join('\n')};`,
    '',
  ].join('\n');
}

if (import.meta.main) {
  const folder = join(import.meta.dirname, '..');
  const document = JSON.parse(readFileSync(join(folder, '../../openapi.json'), 'utf8')) as Document;
  writeFileSync(join(folder, 'src/generated/routes.ts'), generatedRoutes(document));
}
