import { STATUS_CODES } from 'node:http';
import type { OpenAPIObject } from '@nestjs/swagger';
import { headersNamed, ofLimits, ofLists, ofRepeats } from './headers.js';
import { nameOf, refusal, refusalsOf } from './refusals.js';
import { largestPage } from '../platform/http/paging.js';
import type { RouteScope } from '../platform/auth/requires.js';
import type { Route } from './routes.js';

interface Answer {
  description?: string;
  headers?: Record<string, object>;
  content?: Record<string, { schema?: { type?: string; maxItems?: number } }>;
}

export interface Operation {
  method: string;
  path: string;
  operationId?: string;
  described: {
    parameters?: { in: string; name: string }[];
    requestBody?: unknown;
    responses: Record<string, Answer>;
    security?: object[];
    description?: string;
    /** One of them suffices. */
    'x-scopes'?: readonly string[];
  };
}

const methods = ['get', 'post', 'put', 'patch', 'delete'];

export const operationsOf = ({ paths }: OpenAPIObject): Operation[] =>
  Object.entries(paths).flatMap(([path, item]) =>
    Object.entries(item as Record<string, Operation['described'] & { operationId?: string }>)
      .filter(([method]) => methods.includes(method))
      .map(([method, described]) => ({ method, path, operationId: described.operationId, described })),
  );

/**
 * Completes an operation: the headers of its successes, every refusal, and whether callers sign in. Adds refusals that several
 * operations share to `shared`, by name.
 */
export function withAnswers(
  { method, path, described }: Operation,
  route: Route,
  shared: Record<string, object>,
): void {
  const { parameters = [], requestBody } = described;
  for (const [status, answer] of Object.entries(described.responses)) {
    answer.description ||= STATUS_CODES[status] ?? '';
    const names = [
      'X-Request-Id',
      ...(route.isPublic ? [] : ofLimits),
      ...(route.isPaged ? ofLists : []),
      ...(isRepeatable(parameters) ? ofRepeats : []),
    ];
    if (route.isPaged) boundPage(answer);
    answer.headers = { ...headersNamed(names), ...answer.headers };
  }
  const asked = { changes: method !== 'get', hasBody: requestBody !== undefined, namesThings: path.includes('{') };
  for (const refusals of refusalsOf(route, asked)) {
    const answer = refusal(refusals.status, refusals.reasons);
    if (!refusals.isItsOwn) shared[nameOf(refusals)] = answer;
    described.responses[refusals.status] = refusals.isItsOwn
      ? answer
      : { $ref: `#/components/responses/${nameOf(refusals)}` };
  }
  const { scope } = route;
  const ofPeople = [{ bearer: [] }, { session: [] }];
  described.security = route.isPublic ? [] : [...ofPeople, ...(scope === undefined ? [] : [{ apiKey: [] }])];
  if (scope === undefined) return;
  described.description = scopeSentence(scope);
  // The linter takes what a security requirement lists for scopes of OAuth, which the scheme would have to declare.
  if (scope !== 'any') described['x-scopes'] = scope;
}

const scopeSentence = (scope: RouteScope): string =>
  scope === 'any'
    ? 'Service accounts need no scope.'
    : `Service accounts need the scope ${scope.map((one) => `\`${one}\``).join(' or ')}.`;

/** A page has at most as many entries as a request may ask for. */
function boundPage({ content }: Answer): void {
  const schema = content?.['application/json']?.schema;
  if (schema?.type === 'array') schema.maxItems = largestPage;
}

const isRepeatable = (parameters: { in: string; name: string }[]): boolean =>
  parameters.some((parameter) => parameter.in === 'header' && parameter.name === 'Idempotency-Key');
