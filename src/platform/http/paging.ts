import { ApiPropertyOptional } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import { IsInt, IsOptional, Max, Min, ValidateBy } from 'class-validator';
import type { FastifyReply, FastifyRequest } from 'fastify';

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

/** `page` and `per_page` of every paged list; extend it with the list's own filters. */
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
}

/** A page with more rows than the default, or one for which the database searches texts. */
export function isLargePage({ method, query }: FastifyRequest): boolean {
  const { per_page: perPage, search } = query as { per_page?: unknown; search?: unknown };
  return (method === 'GET' || method === 'HEAD') && (Number(perPage) > ordinaryPage || search !== undefined);
}

/** One page of a list. `total` is counted up to `countCap + 1`. */
export interface Page<T> {
  items: T[];
  total: number;
}

function link(request: FastifyRequest, page: number, rel: string): string {
  const [path = '', query] = request.url.split('?', 2);
  const parameters = new URLSearchParams(query);
  parameters.set('page', String(page));
  return `<${request.server.publicUrl}${path}?${parameters.toString()}>; rel="${rel}"`;
}

/** Sets `X-Total-Count` and `Link`, and returns the bare array that is the body. */
export function paged<T>(request: FastifyRequest, reply: FastifyReply, paging: Paging, page: Page<T>): T[] {
  const capped = page.total > countCap;
  const last = Math.max(1, Math.ceil(page.total / paging.per_page));
  const links = [link(request, 1, 'first')];
  if (paging.page > 1) links.push(link(request, paging.page - 1, 'prev'));
  const further = capped ? isReached(paging.page + 1, paging.per_page) : paging.page < last;
  if (further) links.push(link(request, paging.page + 1, 'next'));
  if (!capped) links.push(link(request, last, 'last'));
  void reply.header('x-total-count', String(Math.min(page.total, countCap))).header('link', links.join(', '));
  if (capped) void reply.header('x-total-count-capped', 'true');
  return page.items;
}
