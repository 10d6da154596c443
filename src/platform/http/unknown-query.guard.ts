import { type CanActivate, type ExecutionContext, Injectable } from '@nestjs/common';
import { ROUTE_ARGS_METADATA } from '@nestjs/common/constants.js';
import { RouteParamtypes } from '@nestjs/common/enums/route-paramtypes.enum.js';
import type { FastifyRequest } from 'fastify';
import { DomainError } from '#kernel/errors';

/** Longer than any useful query: fifty ids in each of three filters. */
const longestQuery = 8_192;

/** Refuses a query on a route that takes none: a filter that is silently ignored would show too much. */
@Injectable()
export class UnknownQueryGuard implements CanActivate {
  canActivate(context: ExecutionContext): boolean {
    const request = context.switchToHttp().getRequest<FastifyRequest>();
    if ((request.url.split('?', 2)[1]?.length ?? 0) > longestQuery) throw tooLong();
    const fields = Object.keys(request.query as object);
    if (fields.length === 0 || takesQuery(context)) return true;
    const messages = Object.fromEntries(fields.map((field) => [field, [`${field} is not known here.`]]));
    throw new DomainError('invalid', 'invalid_request', `Please check: ${fields.join(', ')}.`, { query: messages });
  }
}

const tooLong = (): DomainError =>
  new DomainError(
    'invalid',
    'query_too_long',
    `The query is longer than ${longestQuery} characters: ask for less at a time.`,
  );

function takesQuery(context: ExecutionContext): boolean {
  const name = context.getHandler().name;
  const args = (Reflect.getMetadata(ROUTE_ARGS_METADATA, context.getClass(), name) ?? {}) as object;
  return Object.keys(args).some((key) => key.startsWith(`${RouteParamtypes.QUERY}:`));
}
