import { Injectable, Logger, type OnModuleInit } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { acrossTeams } from '#platform/database/scope';
import { FailedAttempts, networkOf } from '#platform/http/failed-attempts';
import { fastifyOf } from '#platform/http/fastify-of';
import type { HandshakePart, Vendor } from '../../../gateway/domain/vendor.js';
import { Vendors } from '../../../gateway/domain/vendors.js';
import { ReceiveWebhook } from '../../application/following/receive-webhook.js';
import { IntegrationsSettings } from '../../../settings.js';

const webhookLimit = 64 * 1024;

const refusal = (code: number, status: string, reason: string, message: string) => ({
  code,
  status,
  message,
  errors: {},
  reason,
});

/**
 * The webhook endpoints: one address for each vendor, the same for all teams. An endpoint accepts raw bytes of any content type, so it is in a Fastify plugin
 * with its own parsers instead of a controller. It answers only 200, 400, 401, 413, 415 and 503.
 */
@Injectable()
export class WebhookEndpoints implements OnModuleInit {
  private readonly log = new Logger('webhooks');
  /** Limits addresses that have not sent an authentic webhook event. Vendors resend events that are answered 503. */
  private readonly attempts: FailedAttempts;

  constructor(
    private readonly host: HttpAdapterHost,
    private readonly receiveWebhook: ReceiveWebhook,
    private readonly vendors: Vendors,
    { failedWebhooksPerMinute }: IntegrationsSettings,
  ) {
    this.attempts = new FailedAttempts(failedWebhooksPerMinute);
  }

  onModuleInit(): void {
    void fastifyOf(this.host)?.register(async (endpoint) => {
      // Fastify refuses a malformed content type before any parser runs. Here the content type must not matter.
      endpoint.addHook('onRequest', async ({ raw }) => void delete raw.headers['content-type']);
      endpoint.addHook('onRequest', async ({ ip, method }) => {
        if (method === 'POST' && (await this.attempts.mustWait(ip, () => networkOf(ip))) > 0) throw new Busy();
      });
      endpoint.removeAllContentTypeParsers();
      endpoint.addContentTypeParser('*', { parseAs: 'buffer', bodyLimit: webhookLimit }, (_request, body, done) =>
        done(null, body),
      );
      endpoint.setErrorHandler((error, _request, reply) => this.refuse(error, reply));
      for (const vendor of this.vendors.all) {
        const { path } = vendor.webhooks;
        const { handshake } = vendor;
        if (handshake) endpoint.get(path, (request, reply) => this.handshake(handshake, request, reply));
        endpoint.post(path, { bodyLimit: webhookLimit }, (request, reply) => this.receive(vendor, request, reply));
      }
    });
  }

  /** The challenge is only percent-decoded, so a `+` stays a `+`. Needs no connection and no database. */
  private async handshake(part: HandshakePart, request: FastifyRequest, reply: FastifyReply): Promise<unknown> {
    const query = request.raw.url?.split('?', 2)[1] ?? '';
    const answer = part.answerHandshake(challengesIn(query));
    if (answer === null) {
      return reply
        .status(400)
        .send(refusal(400, 'Bad Request', 'challenge_invalid', 'The challenge cannot be echoed.'));
    }
    return reply.header('content-type', 'text/plain').header('x-content-type-options', 'nosniff').send(answer);
  }

  private async receive(vendor: Vendor, request: FastifyRequest, reply: FastifyReply): Promise<unknown> {
    const body = Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0);
    const signature = vendor.webhooks.signatureIn(request.headers);
    const answer = await acrossTeams('inbound-message', () => this.receiveWebhook.take(vendor, body, signature));
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
      void reply
        .status(413)
        .send(refusal(413, 'Payload Too Large', 'too_large', 'A webhook event has at most 64 KiB.'));
    } else if (statusCode === 415) {
      void reply
        .status(415)
        .send(refusal(415, 'Unsupported Media Type', 'unsupported_media_type', 'Webhook events are not compressed.'));
    } else if (statusCode !== undefined && statusCode >= 400 && statusCode < 500) {
      void reply.status(400).send(refusal(400, 'Bad Request', 'malformed_request', 'The request could not be read.'));
    } else {
      if (!(error instanceof Busy)) this.log.error(`a webhook event could not be stored: ${message ?? 'unknown'}`);
      void reply
        .status(503)
        .header('retry-after', '5')
        .send(refusal(503, 'Service Unavailable', 'temporarily_unavailable', 'Try again later.'));
    }
  }
}

/** The endpoint is over a limit. Vendors resend what is answered 503. */
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
