import { Injectable, type OnModuleInit } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { DomainError } from '#kernel/errors';
import { Credentials, isCounted } from './credential.js';
import { fastifyOf } from './fastify-of.js';

/** Beyond this many, expired entries are dropped; if all are current, the oldest one. */
const mostRemembered = 10_000;

interface Refusal {
  error: DomainError;
  /** On this process's monotonic clock, in milliseconds. */
  until: number;
  /** `RateLimit-Limit` of the refusal. */
  limit: string;
}

/**
 * Remembers who is over the limit of requests, by their credential. Until their time is over they are refused before the signature
 * is verified, the body is read or the database is queried, which costs almost nothing. The counts are shared by all replicas
 * (`rate-limits.ts`); each replica remembers those whom it refused.
 */
@Injectable()
export class TurnedAway implements OnModuleInit {
  private readonly refusals = new Map<string, Refusal>();

  constructor(
    private readonly host: HttpAdapterHost,
    private readonly credentials: Credentials,
  ) {}

  onModuleInit(): void {
    const fastify = fastifyOf(this.host);
    fastify?.addHook('onRequest', async (request, reply) => {
      if (this.refusals.size === 0 || !isCounted(request)) return;
      const refusal = this.refusals.get(this.keyOf(request) ?? '');
      const leftMs = (refusal?.until ?? 0) - performance.now();
      if (!refusal || leftMs <= 0) return;
      const seconds = Math.ceil(leftMs / 1_000);
      const { limit } = refusal;
      void reply.headers({ 'ratelimit-limit': limit, 'ratelimit-remaining': '0', 'ratelimit-reset': String(seconds) });
      throw again(refusal.error, seconds);
    });
  }

  /** Runs the function that counts the request. Remembers its refusal for as long as the refusal says. */
  async unlessWithin(request: FastifyRequest, reply: FastifyReply, count: () => Promise<void>): Promise<void> {
    try {
      await count();
    } catch (error) {
      if (error instanceof DomainError && error.kind === 'too_many')
        this.remember(request, error, String(reply.getHeader('ratelimit-limit')));
      throw error;
    }
  }

  private remember(request: FastifyRequest, error: DomainError, limit: string): void {
    const key = this.keyOf(request);
    if (key === undefined) return;
    if (this.refusals.size >= mostRemembered) this.makeRoom();
    this.refusals.set(key, { error, limit, until: performance.now() + (error.retryAfterSeconds ?? 1) * 1_000 });
  }

  private makeRoom(): void {
    const now = performance.now();
    for (const [key, { until }] of this.refusals) if (until <= now) this.refusals.delete(key);
    const [oldest] = this.refusals.keys();
    if (this.refusals.size >= mostRemembered && oldest !== undefined) this.refusals.delete(oldest);
  }

  /** A person who belongs to several teams is a different caller in each. A session belongs to one team. */
  private keyOf(request: FastifyRequest): string | undefined {
    const credential = this.credentials.of(request);
    const { authorization, 'x-team-id': teamId } = request.headers;
    return credential && (authorization === undefined ? credential : `${credential} ${String(teamId ?? '')}`);
  }
}

const again = ({ kind, reason, message, errors }: DomainError, seconds: number): DomainError =>
  new DomainError(kind, reason, message, errors, seconds);
