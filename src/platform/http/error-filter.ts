import { OptimisticLockError } from '@mikro-orm/core';
import { type ArgumentsHost, Catch, type ExceptionFilter, HttpException, Logger } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { DomainError, type ErrorGroups } from '#kernel/errors';
import { isDatabaseDown, isOvertime, isUnkeepableText } from '../database/failures.js';
import { describeError, placesOf } from '../describe-error.js';
import { Outage } from '../outage.js';
import { knownRoutes } from './edge.js';
import { sendRefusal } from './negotiation.js';
import { frameworkRefusal, refusalOf, statusOf } from './refusal.js';

/** How to authenticate, as RFC 6750 says it; with the error only when a token was sent. */
const challenge = ({ headers }: FastifyRequest): string =>
  `Bearer realm="ats"${headers.authorization === undefined ? '' : ', error="invalid_token"'}`;

interface Answer {
  code: number;
  message: string;
  errors: ErrorGroups;
  reason: string;
  retryAfterSeconds: number | null;
}

function statusCodeOf(error: unknown, request: FastifyRequest): number | undefined {
  const code = error instanceof HttpException ? error.getStatus() : (error as { statusCode?: number }).statusCode;
  return code === 404 && knownRoutes.methodsAt(request.url).length > 0 ? 405 : code;
}

/** A read that is too broad takes as long again when it is repeated as it is. A change was held up by other work. */
function tookTooLong({ method }: FastifyRequest): Answer {
  const reason = 'took_too_long';
  if (method === 'GET' || method === 'HEAD') {
    const message = 'This took too long. Use fewer filter values, a shorter time range, or a longer search text.';
    return { code: 422, message, errors: {}, reason, retryAfterSeconds: null };
  }
  const message = 'This took too long, and nothing was changed. Try again in a moment.';
  return { code: 503, message, errors: {}, reason, retryAfterSeconds: 1 };
}

function answerTo(error: unknown, request: FastifyRequest): Answer {
  if (error instanceof DomainError) {
    const { message, errors, reason, retryAfterSeconds } = error;
    return { code: statusOf[error.kind], message, errors, reason, retryAfterSeconds };
  }
  if (error instanceof OptimisticLockError) {
    const message = 'Another user just changed this. Check the change, then try again.';
    return { code: 409, message, errors: {}, reason: 'changed_meanwhile', retryAfterSeconds: null };
  }
  const code = statusCodeOf(error, request);
  if (code !== undefined && code >= 400 && code < 500) {
    return { ...frameworkRefusal(code), retryAfterSeconds: null };
  }
  if (isUnkeepableText(error)) {
    const message = 'The request contains a character that cannot be stored, such as NUL. Remove it.';
    return { code: 422, message, errors: {}, reason: 'invalid_request', retryAfterSeconds: null };
  }
  if (isDatabaseDown(error)) {
    const message = 'The service cannot reach its database. Try again in a moment.';
    return { code: 503, message, errors: {}, reason: 'temporarily_unavailable', retryAfterSeconds: 1 };
  }
  if (isOvertime(error)) return tookTooLong(request);
  const message = 'Something went wrong. Give your administrator the request id.';
  return { code: 500, message, errors: {}, reason: 'internal_error', retryAfterSeconds: null };
}

/** Sends every error in the one shape of the contract. Internal details stay in the log, under the request id. */
@Catch()
export class ErrorFilter implements ExceptionFilter {
  private readonly log = new Logger('http');
  /** Every answer already has a log line. The reason for the failures is logged once. */
  private readonly outage = new Outage(this.log, 'requests are refused');

  catch(error: unknown, host: ArgumentsHost): void {
    const reply = host.switchToHttp().getResponse<FastifyReply>();
    const request = host.switchToHttp().getRequest<FastifyRequest>();
    const { code, message, errors, reason, retryAfterSeconds } = answerTo(error, request);
    if (reason === 'temporarily_unavailable') this.outage.note(error);
    else if (code >= 500 && !(error instanceof DomainError)) {
      this.log.error({ requestId: request.id, reason, at: placesOf(error) }, describeError(error));
    }
    if (reply.sent || reply.raw.headersSent) {
      reply.raw.destroy();
      return;
    }
    if (retryAfterSeconds !== null) void reply.header('retry-after', String(retryAfterSeconds));
    if (code === 401) void reply.header('www-authenticate', challenge(request));
    if (code === 405) void reply.header('allow', knownRoutes.methodsAt(request.url).join(', '));
    sendRefusal(request, reply, refusalOf(code, reason, message, errors));
  }
}
