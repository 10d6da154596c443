import { STATUS_CODES } from 'node:http';
import type { OpenAPIObject } from '@nestjs/swagger';
import { headersNamed, ofDeprecated, ofLimits, ofLists, ofRepeats } from './headers.js';
import { nameOf, refusal, refusalsOf } from './refusals.js';
import { largestPage } from '../platform/http/paging.js';
import type { RouteScope } from '../platform/auth/requires.js';
import type { Route } from './routes.js';

interface Answer {
  description?: string;
  headers?: Record<string, object>;
  content?: Record<string, { schema?: { type?: string; maxItems?: number } }>;
}

interface Parameter {
  in?: string;
  name?: string;
  deprecated?: boolean;
  $ref?: string;
}

export interface Operation {
  method: string;
  path: string;
  operationId?: string;
  described: {
    deprecated?: boolean;
    parameters?: Parameter[];
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
  const { requestBody } = described;
  const parameters = (described.parameters ??= []);
  const isTagged = method === 'get' ? isTaggedRead(route, described.responses) : route.isVersioned;
  const ofDeprecations = route.deprecations.length > 0 ? ofDeprecated : [];
  for (const [status, answer] of Object.entries(described.responses)) {
    answer.description ||= STATUS_CODES[status] ?? '';
    const names = [
      'X-Request-Id',
      ...(route.isPublic ? [] : ofLimits),
      ...(route.isPaged ? ofLists : []),
      ...(isRepeatable(parameters) ? ofRepeats : []),
      ...(isTagged && ['get', 'patch'].includes(method) ? ['ETag'] : []),
      ...ofDeprecations,
    ];
    if (route.isPaged) boundPage(answer);
    answer.headers = { ...headersNamed(names), ...answer.headers };
  }
  if (isTagged) addCondition(method, described.responses, parameters);
  sayDeprecated(described, route);
  const asked = {
    changes: method !== 'get',
    hasBody: requestBody !== undefined,
    hasTags: isTagged,
    namesThings: path.includes('{'),
  };
  for (const refusals of refusalsOf(route, asked)) {
    const answer = refusal(refusals.status, refusals.reasons, ofDeprecations);
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

const isTaggedRead = ({ isPublic }: Route, { 200: answer }: Record<string, Answer>): boolean =>
  !isPublic && answer?.content?.['application/json'] !== undefined;

/** The header by which a request states its condition, and what follows when a read meets it. */
function addCondition(method: string, responses: Record<string, Answer>, parameters: Parameter[]): void {
  parameters.push({ $ref: `#/components/parameters/${method === 'get' ? 'IfNoneMatch' : 'IfMatch'}` });
  if (method !== 'get') return;
  responses['304'] = { description: 'As `If-None-Match` names it', headers: { ...responses['200']?.headers } };
}

/** Fields are marked beside their description, with `deprecated` in `ApiProperty`. */
function sayDeprecated(described: Operation['described'], { deprecations }: Route): void {
  for (const { query, body, answer } of deprecations) {
    if (!query && !body && !answer) described.deprecated = true;
    for (const one of described.parameters ?? [])
      if (one.in === 'query' && query?.includes(one.name ?? '')) one.deprecated = true;
  }
}

const isRepeatable = (parameters: Parameter[]): boolean =>
  parameters.some((parameter) => parameter.in === 'header' && parameter.name === 'Idempotency-Key');
