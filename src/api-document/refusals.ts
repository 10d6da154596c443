import { STATUS_CODES } from 'node:http';
import { frameworkRefusal, statusOf } from '../platform/http/refusal.js';
import { headersNamed, ofLimits } from './headers.js';
import type { Route } from './routes.js';

const text = { type: 'string' };
const messages = { type: 'object', additionalProperties: { type: 'array', items: text } };

/** The one shape of every refusal and failure, on every route. */
export const errorSchema = {
  type: 'object',
  required: ['code', 'status', 'message', 'errors', 'reason'],
  properties: {
    code: { type: 'integer', minimum: 400, maximum: 599, description: 'The HTTP status' },
    status: { ...text, description: 'The name of the HTTP status' },
    message: { ...text, description: 'One sentence a recruiter understands' },
    errors: {
      type: 'object',
      properties: { json: messages, query: messages, path: messages, headers: messages },
      description: 'Messages by place and field; may be empty',
    },
    reason: { ...text, description: 'A stable machine word' },
  },
};

/** The same error for clients that prefer it (RFC 9457). */
export const problemSchema = {
  type: 'object',
  required: ['type', 'title', 'status', 'detail', 'instance', 'reason', 'errors'],
  properties: {
    type: { type: 'string', const: 'about:blank' },
    title: { ...text, description: 'The name of the HTTP status' },
    status: { type: 'integer', minimum: 400, maximum: 599, description: 'The HTTP status' },
    detail: { ...text, description: 'One sentence a recruiter understands' },
    instance: { ...text, format: 'uri', description: 'The id of the request' },
    reason: errorSchema.properties.reason,
    errors: errorSchema.properties.errors,
  },
};

/** What is asked of a request besides the marks of its route. */
export interface Asked {
  changes: boolean;
  hasBody: boolean;
  /** Whether its answers have an `ETag`, or it heeds one. */
  hasTags: boolean;
  /** Whether its path, its query or its body may name things. */
  namesThings: boolean;
}

type Condition = (route: Route, asked: Asked) => boolean;

const always: Condition = () => true;
const signedIn: Condition = ({ isPublic }) => !isPublic;
const reads: Condition = (_, { changes }) => !changes;
const changes: Condition = (_, asked) => asked.changes;
const both =
  (one: Condition, other: Condition): Condition =>
  (route, asked) =>
    one(route, asked) && other(route, asked);

/** What guards, limits and the platform refuse on every route that fits. The rest is said beside each route (`Refuses`). */
const everywhere: [status: number, reason: string, when: Condition][] = [
  [400, frameworkRefusal(400).reason, always],
  [400, 'several_credentials', signedIn],
  [401, 'unauthenticated', signedIn],
  [401, 'session_ended', signedIn],
  [403, 'cross_site_request', signedIn],
  [403, 'not_allowed', ({ requirement }) => requirement !== undefined && requirement.capability !== null],
  [403, 'scope_missing', ({ isPublic, scope }) => !isPublic && scope !== 'any'],
  [403, 'recent_sign_in_required', ({ needsRecentSignIn }) => needsRecentSignIn],
  [404, frameworkRefusal(404).reason, (_, { namesThings }) => namesThings],
  [406, frameworkRefusal(406).reason, signedIn],
  [409, 'choose_team', signedIn],
  [409, 'changed_meanwhile', both(signedIn, changes)],
  [412, 'changed_meanwhile', (_, { hasTags }) => hasTags],
  [413, frameworkRefusal(413).reason, (_, { hasBody }) => hasBody],
  [415, frameworkRefusal(415).reason, always],
  [422, 'invalid_cursor', ({ isPaged }) => isPaged],
  [422, 'invalid_request', always],
  [422, 'query_too_long', always],
  [422, 'unknown_reference', (_, { hasBody }) => hasBody],
  [422, 'took_too_long', both(signedIn, reads)],
  [429, 'too_many_requests', signedIn],
  [429, 'too_many_failed_sign_ins', signedIn],
  [429, 'team_busy', signedIn],
  [429, 'too_many_unread_answers', both(signedIn, reads)],
  [500, 'internal_error', always],
  [503, 'temporarily_unavailable', always],
  [503, 'service_busy', signedIn],
  [503, 'sign_in_unavailable', signedIn],
  [503, 'took_too_long', both(signedIn, changes)],
];

export interface RefusalsOfStatus {
  status: number;
  reasons: string[];
  /** Whether the route has reasons or headers of its own among them. */
  isItsOwn: boolean;
}

/** The reasons of every refusal that the route may answer, by status. */
export function refusalsOf(route: Route, asked: Asked): RefusalsOfStatus[] {
  const shared = everywhere.filter(([, , fits]) => fits(route, asked)).map(([status, reason]) => ({ status, reason }));
  const own = route.refusals.map(({ kind, reason }) => ({ status: statusOf[kind], reason }));
  const byStatus = Map.groupBy([...shared, ...own], ({ status }) => status);
  return [...byStatus]
    .map(([status, of]) => ({
      status,
      reasons: [...new Set(of.map(({ reason }) => reason))].sort(),
      isItsOwn: route.deprecations.length > 0 || of.some((one) => own.includes(one)),
    }))
    .sort((one, other) => one.status - other.status);
}

/** A name for refusals that several routes share: its status, and the reasons that not every route has. */
export function nameOf({ status, reasons }: RefusalsOfStatus): string {
  const special = reasons.filter((reason) => everywhere.every((one) => one[1] !== reason || one[2] !== always));
  return [STATUS_CODES[status] ?? '', ...special]
    .flatMap((words) => words.split(/[\s_]/))
    .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
    .join('');
}

/** Those that ask the client to wait say for how long. */
const waits = [409, 429, 503];

const headersOf = (status: number): string[] => [
  'X-Request-Id',
  ...ofLimits,
  ...(waits.includes(status) ? ['Retry-After'] : []),
  ...(status === 401 ? ['WWW-Authenticate'] : []),
];

/** The answer of one status with its reasons. `more`: further headers. */
export const refusal = (status: number, reasons: string[], more: string[] = []): object => ({
  description: `${STATUS_CODES[status]}: ${reasons.map((reason) => `\`${reason}\``).join(', ')}`,
  headers: headersNamed([...headersOf(status), ...more]),
  content: {
    'application/json': {
      schema: {
        allOf: [
          { $ref: '#/components/schemas/ErrorResponse' },
          {
            type: 'object',
            required: ['code', 'reason'],
            properties: { code: { const: status }, reason: { type: 'string', enum: reasons } },
          },
        ],
      },
    },
    'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } },
  },
});
