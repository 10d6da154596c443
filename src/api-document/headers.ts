import type { OpenAPIObject } from '@nestjs/swagger';

/** Of answers to callers that were recognised. */
export const ofLimits = ['RateLimit-Limit', 'RateLimit-Remaining', 'RateLimit-Reset'];
export const ofLists = ['Link', 'X-Total-Count', 'X-Total-Count-Capped'];
export const ofRepeats = ['Idempotent-Replayed'];
export const ofDeprecated = ['Deprecation', 'Sunset', 'Link'];

export const headersNamed = (names: string[]): Record<string, object> =>
  Object.fromEntries(names.map((name) => [name, { $ref: `#/components/headers/${name}` }]));

const whole = { type: 'integer', minimum: 0 };

export const headers = {
  'X-Request-Id': {
    description: 'The id of this request in the logs of the installation',
    required: true,
    schema: { type: 'string', format: 'uuid' },
  },
  'RateLimit-Limit': { description: 'Requests that may be sent in a minute', schema: whole },
  'RateLimit-Remaining': { description: 'Requests that are left of them', schema: whole },
  'RateLimit-Reset': { description: 'Seconds until all of them are left again', schema: whole },
  'WWW-Authenticate': { description: 'RFC 6750: how to authenticate', schema: { type: 'string' } },
  'Retry-After': { description: 'Seconds until the same request may succeed', schema: whole },
  Link: {
    description:
      'RFC 8288: `first`, `prev`, `next`, `last`; read by cursors: `first` and, if there is more, `next`; `deprecation` of what is deprecated',
    schema: { type: 'string' },
  },
  ETag: {
    description:
      'RFC 9110: names this answer as this caller gets it, for `If-None-Match`. Where one thing is read that can be changed, also the ' +
      'version of the thing, for `If-Match`',
    schema: { type: 'string' },
  },
  'X-Total-Count': { description: 'The number of entries on all pages, counted up to 10000', schema: whole },
  'X-Total-Count-Capped': {
    description: 'There are more entries than were counted',
    schema: { type: 'string', enum: ['true'] },
  },
  'Idempotent-Replayed': {
    description: 'The request was made before with this Idempotency-Key: the answer is about what it made then',
    schema: { type: 'string', enum: ['true'] },
  },
} satisfies NonNullable<OpenAPIObject['components']>['headers'];

/** A document that lists them without a use of them would be refused by its linter. */
export const headersOfDeprecated = {
  Deprecation: {
    description: 'RFC 9745: since when something that the request uses is deprecated',
    schema: { type: 'string' },
  },
  Sunset: { description: 'RFC 8594: from when on it may be gone', schema: { type: 'string' } },
} satisfies NonNullable<OpenAPIObject['components']>['headers'];

/** Entity tags as RFC 9110 writes them. */
const tags = { type: 'string', maxLength: 1000, pattern: '^(\\*|(W/)?"[!#-~]*"( *, *(W/)?"[!#-~]*")*)$' };

export const conditions = {
  IfMatch: {
    name: 'If-Match',
    in: 'header',
    required: false,
    description:
      'Changes it only if it is still in the version that this `ETag` names; otherwise 412, with the last change under ' +
      '`errors.headers`: `changed_at`, and `changed_by` for those who see their colleagues.',
    schema: tags,
  },
  IfNoneMatch: {
    name: 'If-None-Match',
    in: 'header',
    required: false,
    description: 'Answers 304 without a body if the answer is still the one that this `ETag` names.',
    schema: tags,
  },
} satisfies NonNullable<OpenAPIObject['components']>['parameters'];
