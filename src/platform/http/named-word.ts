import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';

/** The word that the path has as `:name`. A guard has checked that it is one of those that exist. */
export const NamedWord = createParamDecorator((name: string, context: ExecutionContext): string => {
  const { params } = context.switchToHttp().getRequest<FastifyRequest>();
  return (params as Record<string, string>)[name] ?? '';
});
