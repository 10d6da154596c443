import { Injectable, type OnModuleInit } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { DomainError } from '#kernel/errors';
import { Credentials, isCounted } from './credential.js';

/** Beyond this many, those whose time is over are forgotten; if all are current, the oldest. */
const mostRemembered = 10_000;

interface Refusal {
  error: DomainError;
  /** On this process's steady clock, in milliseconds. */
  until: number;
}

/**
 * Remembers who is over the limit of requests, by what they sent to sign in. Until their time is over they are refused before
 * their signature is verified, their body is read or the database is asked: turning them away costs next to nothing. The
 * counting itself is shared by all replicas (`rate-limits.ts`); each replica remembers those whom it refused.
 */
@Injectable()
export class TurnedAway implements OnModuleInit {
  private readonly refusals = new Map<string, Refusal>();

  constructor(
    private readonly host: HttpAdapterHost,
    private readonly credentials: Credentials,
  ) {}

  onModuleInit(): void {
    const fastify = this.host.httpAdapter.getInstance<FastifyInstance>();
    fastify.addHook('onRequest', async (request) => {
      if (this.refusals.size === 0 || !isCounted(request)) return;
      const refusal = this.refusals.get(this.keyOf(request) ?? '');
      const leftMs = (refusal?.until ?? 0) - performance.now();
      if (refusal && leftMs > 0) throw again(refusal.error, Math.ceil(leftMs / 1_000));
    });
  }

  /** Runs what counts the request; a refusal is remembered for as long as it says. */
  async unlessWithin(request: FastifyRequest, count: () => Promise<void>): Promise<void> {
    try {
      await count();
    } catch (error) {
      if (error instanceof DomainError && error.kind === 'too_many') this.remember(request, error);
      throw error;
    }
  }

  private remember(request: FastifyRequest, error: DomainError): void {
    const key = this.keyOf(request);
    if (key === undefined) return;
    if (this.refusals.size >= mostRemembered) this.forget();
    this.refusals.set(key, { error, until: performance.now() + (error.retryAfterSeconds ?? 1) * 1_000 });
  }

  private forget(): void {
    const now = performance.now();
    for (const [key, { until }] of this.refusals) if (until <= now) this.refusals.delete(key);
    const [oldest] = this.refusals.keys();
    if (this.refusals.size >= mostRemembered && oldest !== undefined) this.refusals.delete(oldest);
  }

  /** Somebody whom several teams have listed is another caller in each; a session is of one team. */
  private keyOf(request: FastifyRequest): string | undefined {
    const credential = this.credentials.of(request);
    const { authorization, 'x-team-id': teamId } = request.headers;
    return credential && (authorization === undefined ? credential : `${credential} ${String(teamId ?? '')}`);
  }
}

const again = ({ kind, reason, message, errors }: DomainError, seconds: number): DomainError =>
  new DomainError(kind, reason, message, errors, seconds);
