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

export interface DescribedOperation {
  method: string;
  path: string;
  operationId: string;
  parameters: { in: string; name: string }[];
  /** Of its successes. */
  statuses: string[];
  headers: string[];
}

type Described = Pick<DescribedOperation, 'operationId' | 'parameters'> & {
  responses: Record<string, { headers?: object }>;
};

/** Every operation that openapi.json describes. */
export function describedOperations(): DescribedOperation[] {
  const { paths } = JSON.parse(readFileSync(file, 'utf8')) as { paths: Record<string, Record<string, Described>> };
  return Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, { operationId, parameters = [], responses }]) => {
      const successes = Object.entries(responses).filter(([status]) => status.startsWith('2'));
      const statuses = successes.map(([status]) => status);
      const headers = successes.flatMap(([, { headers: named = {} }]) => Object.keys(named));
      return { method, path, operationId, parameters, statuses, headers };
    }),
  );
}
