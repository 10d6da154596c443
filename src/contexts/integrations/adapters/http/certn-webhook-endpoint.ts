import { Injectable, Logger, type OnModuleInit } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { Settings } from '#platform/config/settings';
import { acrossTeams } from '#platform/database/scope';
import { FailedAttempts, networkOf } from '#platform/http/failed-attempts';
import { ReceiveWebhook } from '../../application/following/receive-webhook.js';
import { ScreeningProvider } from '../../domain/screening-provider.js';

const path = '/certn/certnWebhookHandler';
const webhookLimit = 64 * 1024;

const refusal = (code: number, status: string, reason: string, message: string) => ({
  code,
  status,
  message,
  errors: {},
  reason,
});

/**
 * Certn's door: the one address for all teams. It takes raw bytes of any content type, which is why it is a Fastify plugin
 * with parsers of its own and not a controller. Answers: 200, 400 (challenge), 401, 413, 415, 503; nothing else.
 */
@Injectable()
export class CertnWebhookEndpoint implements OnModuleInit {
  private readonly log = new Logger('webhooks');
  /** Notices of addresses that never sent a good one. Certn sends again what is answered 503. */
  private readonly attempts: FailedAttempts;

  constructor(
    private readonly host: HttpAdapterHost,
    private readonly receiveWebhook: ReceiveWebhook,
    private readonly provider: ScreeningProvider,
    { rateLimits }: Settings,
  ) {
    this.attempts = new FailedAttempts(rateLimits.failedWebhooksPerMinute);
  }

  onModuleInit(): void {
    const fastify = this.host.httpAdapter.getInstance<FastifyInstance>();
    void fastify.register(async (door) => {
      // A content type that is malformed would be refused before any parser: here it must not matter at all.
      door.addHook('onRequest', async ({ raw }) => void delete raw.headers['content-type']);
      door.addHook('onRequest', async ({ ip, method }) => {
        if (method === 'POST' && (await this.attempts.mustWait(ip, () => networkOf(ip))) > 0) throw new Busy();
      });
      door.removeAllContentTypeParsers();
      door.addContentTypeParser('*', { parseAs: 'buffer', bodyLimit: webhookLimit }, (_request, body, done) =>
        done(null, body),
      );
      door.setErrorHandler((error, _request, reply) => this.refuse(error, reply));
      door.get(path, (request, reply) => this.handshake(request, reply));
      door.post(path, { bodyLimit: webhookLimit }, (request, reply) => this.webhookEvent(request, reply));
    });
  }

  /** The challenge is percent-decoded and nothing more: a `+` is a `+`. Needs no connection and no database. */
  private async handshake(request: FastifyRequest, reply: FastifyReply): Promise<unknown> {
    const query = request.raw.url?.split('?', 2)[1] ?? '';
    const answer = this.provider.answerHandshake(challengesIn(query));
    if (answer === null) {
      return reply
        .status(400)
        .send(refusal(400, 'Bad Request', 'challenge_invalid', 'The challenge cannot be echoed.'));
    }
    return reply.header('content-type', 'text/plain').header('x-content-type-options', 'nosniff').send(answer);
  }

  private async webhookEvent(request: FastifyRequest, reply: FastifyReply): Promise<unknown> {
    const signature = request.headers['x-signature'];
    const body = Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0);
    const given = typeof signature === 'string' ? signature : undefined;
    const answer = await acrossTeams('webhook-endpoint', () => this.receiveWebhook.take(body, given));
    if (answer === 'overloaded') throw new Busy();
    if (answer === 'stored') this.attempts.succeeded(networkOf(request.ip));
    else await this.attempts.failed(request.ip);
    if (answer === 'busy') throw new Busy();
    if (answer !== 'unauthenticated') return reply.status(200).send();
    return reply
      .status(401)
      .send(refusal(401, 'Unauthorized', 'signature_invalid', 'The signature is missing or does not match.'));
  }

  private refuse(error: unknown, reply: FastifyReply): void {
    const { statusCode, message } = error as { statusCode?: number; message?: string };
    if (statusCode === 413) {
      void reply.status(413).send(refusal(413, 'Payload Too Large', 'too_large', 'A notice has at most 64 KiB.'));
    } else if (statusCode === 415) {
      void reply
        .status(415)
        .send(refusal(415, 'Unsupported Media Type', 'unsupported_media_type', 'Notices are not compressed.'));
    } else if (statusCode !== undefined && statusCode >= 400 && statusCode < 500) {
      void reply.status(400).send(refusal(400, 'Bad Request', 'malformed_request', 'The request could not be read.'));
    } else {
      if (!(error instanceof Busy)) this.log.error(`a notice could not be stored: ${message ?? 'unknown'}`);
      void reply
        .status(503)
        .header('retry-after', '5')
        .send(refusal(503, 'Service Unavailable', 'temporarily_unavailable', 'Try again later.'));
    }
  }
}

/** Too much of this kind just now. */
class Busy extends Error {}

function challengesIn(query: string): string | string[] | undefined {
  const values = query
    .split('&')
    .filter((pair) => pair === 'challenge' || pair.startsWith('challenge='))
    .map((pair) => percentDecoded(pair.slice('challenge='.length)));
  return values.length > 1 ? values : values[0];
}

function percentDecoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return '';
  }
}
