import { ApiPropertyOptional } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import { IsInt, IsOptional, IsString, Matches, Max, MaxLength, Min, ValidateBy } from 'class-validator';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { cursorAfter, firstCursor, longestCursor, placeOf } from './cursors.js';
import { MayBeAbsent } from './text.js';

declare module 'fastify' {
  interface FastifyInstance {
    /** What the service's links begin with. */
    publicUrl: string;
  }
}

/** Totals are counted up to this many rows, and no page beyond is read: the database would read all rows before it. */
export const countCap = 10_000;

/** Rows of a page when the request names no number. */
const ordinaryPage = 100;

/** The most rows of a page. */
export const largestPage = 500;

const isReached = (page: number, perPage: number): boolean => (page - 1) * perPage < countCap;

/** A page that begins within the first `countCap` rows. */
const WithinReach = (): PropertyDecorator =>
  ValidateBy({
    name: 'withinReach',
    validator: {
      validate: (page, args) => isReached(Number(page), (args?.object as Paging).per_page),
      defaultMessage: () =>
        `pages end after ${countCap} entries: narrow the list with filters, for example created_before`,
    },
  });

/** Two ways of reading on would contradict each other. */
const InsteadOfPage = (): PropertyDecorator =>
  ValidateBy({
    name: 'insteadOfPage',
    validator: {
      validate: (_, args) => (args?.object as Paging).page === 1,
      defaultMessage: () => 'send either page or cursor, not both',
    },
  });

/** `page`, `per_page` and `cursor` of every paged list; extend it with the list's own filters. */
export class Paging {
  @ApiPropertyOptional({
    minimum: 1,
    maximum: countCap,
    default: 1,
    description: `A page must begin within the first ${countCap} entries: beyond them, narrow the list with filters.`,
  })
  @Type(() => Number)
  @IsInt()
  @Min(1)
  @WithinReach()
  @IsOptional()
  page: number = 1;

  @ApiPropertyOptional({ minimum: 1, maximum: largestPage, default: ordinaryPage })
  @Type(() => Number)
  @IsInt()
  @Min(1)
  @Max(largestPage)
  @IsOptional()
  per_page: number = ordinaryPage;

  @ApiPropertyOptional({
    type: String,
    description:
      'Instead of `page`: `start`, then the cursor of the `next` link. Reads a list of any length without leaving out or repeating ' +
      'an entry while others are added. The answer has no `X-Total-Count`.',
  })
  @IsString()
  @MaxLength(longestCursor)
  @Matches(/^[\w-]+$/, { message: '$property must be start, or come from a link' })
  @InsteadOfPage()
  @MayBeAbsent()
  cursor?: string;

  /** Where the page begins when the list is read by cursors; empty: at the start. Set by `paged`. */
  declare after?: readonly string[];
}

/** A page with more rows than the default, or one for which the database searches texts. */
export function isLargePage({ method, query }: FastifyRequest): boolean {
  const { per_page: perPage, limit, search } = query as { per_page?: unknown; limit?: unknown; search?: unknown };
  return (method === 'GET' || method === 'HEAD') && (Number(perPage ?? limit) > ordinaryPage || search !== undefined);
}

/** A page by its number has a `total`, counted up to `countCap + 1`; one by a cursor has the place of the next page, null at the end. */
export type Page<T> = { items: T[] } & ({ total: number } | { next: readonly string[] | null });

function link(request: FastifyRequest, parameter: 'page' | 'cursor', value: string, rel: string): string {
  const [path = '', query] = request.url.split('?', 2);
  const parameters = new URLSearchParams(query);
  parameters.set(parameter, value);
  return `<${request.server.publicUrl}${path}?${parameters.toString()}>; rel="${rel}"`;
}

/**
 * Reads a page, sets `Link` and, for a page by its number, `X-Total-Count`. Returns the bare array that is the body. Throws
 * `invalid_cursor`.
 */
export async function paged<T>(
  request: FastifyRequest,
  reply: FastifyReply,
  paging: Paging,
  read: () => Promise<Page<T>>,
): Promise<T[]> {
  if (paging.cursor !== undefined) paging.after = placeOf(request, paging.cursor);
  const page = await read();
  const links = 'total' in page ? linksOfPages(request, reply, paging, page.total) : linksOfCursors(request, page.next);
  void reply.header('link', links.join(', '));
  return page.items;
}

function linksOfPages(request: FastifyRequest, reply: FastifyReply, paging: Paging, total: number): string[] {
  const capped = total > countCap;
  const last = Math.max(1, Math.ceil(total / paging.per_page));
  const to = (page: number, rel: string): string => link(request, 'page', String(page), rel);
  const links = [to(1, 'first')];
  if (paging.page > 1) links.push(to(paging.page - 1, 'prev'));
  const further = capped ? isReached(paging.page + 1, paging.per_page) : paging.page < last;
  if (further) links.push(to(paging.page + 1, 'next'));
  if (!capped) links.push(to(last, 'last'));
  void reply.header('x-total-count', String(Math.min(total, countCap)));
  if (capped) void reply.header('x-total-count-capped', 'true');
  return links;
}

function linksOfCursors(request: FastifyRequest, next: readonly string[] | null): string[] {
  const first = link(request, 'cursor', firstCursor, 'first');
  return next ? [first, link(request, 'cursor', cursorAfter(request, next), 'next')] : [first];
}
