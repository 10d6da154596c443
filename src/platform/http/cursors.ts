import { createHash } from 'node:crypto';
import type { FastifyRequest } from 'fastify';
import { DomainError } from '#kernel/errors';
import type { CallerRequest } from '../auth/requires.js';

/** The first page of a list that is read by cursors. */
export const firstCursor = 'start';

/** Longer than any cursor that is given out. */
export const longestCursor = 255;

export function invalidCursor(): DomainError {
  const message = `Take the cursor from the Link header of this list, with the same filters, or begin with cursor=${firstCursor}.`;
  return new DomainError('invalid', 'invalid_cursor', message, { query: { cursor: [message] } });
}

/** What does not change the order or the choice of entries. */
const ofOnePage = ['cursor', 'page', 'per_page'];

/** What a cursor is good for: one team, one list, one choice of filters. */
function listOf(request: FastifyRequest): string {
  const [path = '', query] = request.url.split('?', 2);
  const filters = [...new URLSearchParams(query)].filter(([name]) => !ofOnePage.includes(name)).map(String);
  const { teamId } = (request as CallerRequest).caller ?? {};
  const name = JSON.stringify([teamId, path.replace(/\/$/, ''), filters.sort()]);
  return createHash('sha256').update(name).digest('base64url').slice(0, 16);
}

/**
 * Where the next page begins, for the link. It holds what the list is sorted by of the last entry, which the reader was shown, and
 * grants nothing: rights are those of the request that brings it. Therefore it needs no signature.
 */
export const cursorAfter = (request: FastifyRequest, place: readonly string[]): string =>
  Buffer.from(JSON.stringify([listOf(request), ...place])).toString('base64url');

/** The place that a cursor holds; empty for the first page. Throws `invalid_cursor`. */
export function placeOf(request: FastifyRequest, cursor: string): string[] {
  if (cursor === firstCursor) return [];
  const [list, ...place] = partsOf(cursor);
  if (list !== listOf(request) || place.length === 0) throw invalidCursor();
  return place;
}

function partsOf(cursor: string): string[] {
  try {
    const parts: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString());
    return Array.isArray(parts) && parts.every((part) => typeof part === 'string') ? parts : [];
  } catch {
    return [];
  }
}
