import { Injectable, Logger, type OnModuleInit } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import type { FastifyRequest } from 'fastify';
import { DomainError } from '#kernel/errors';
import type { CallerRequest } from '../auth/requires.js';
import { Settings } from '../config/settings.js';
import { credentialOf } from './credential.js';
import { FailedAttempts, networkOf } from './failed-attempts.js';
import { fastifyOf } from './fastify-of.js';

const failed = new WeakSet<FastifyRequest>();
/** Requests whose sender is not known yet, each with the function that ends its waiting. */
const unnamed = new WeakMap<FastifyRequest, () => void>();
/** How many unidentified requests of one address may run at a time, as a multiple of its failures per minute. */
const unnamedAtOnce = 2;

/** The sign-in failed, although its answer redirects to a page. It counts like a 401. */
export const noteFailedSignIn = (request: FastifyRequest): void => void failed.add(request);

/** The request identified a user, so it does not count towards a flood. */
export const noteSignedIn = (request: FastifyRequest): void => unnamed.get(request)?.();

/** The routes with sign-in or with credentials. Never the endpoints of other systems, health or the console's files. */
const limited = ['/ats/', '/auth/', '/dev/'];

/**
 * Refuses addresses from which too many requests identified no user, before the body is read and without the database. Each replica
 * counts by itself. Credentials that were accepted before still work, so that a flood from the same address does not lock out users.
 */
@Injectable()
export class SignInLimits implements OnModuleInit {
  private readonly log = new Logger('sign-in');
  private readonly attempts: FailedAttempts;
  private unaware: boolean;
  /** By network. Refuses a burst while it arrives: failures are only known after their answers. */
  private readonly waiting = new Map<string, number>();

  constructor(
    private readonly host: HttpAdapterHost,
    private readonly settings: Settings,
  ) {
    const { rateLimits, trustProxyHops } = settings;
    this.attempts = new FailedAttempts(rateLimits.failedSignInsPerMinute);
    this.unaware = trustProxyHops === 0;
  }

  onModuleInit(): void {
    const fastify = fastifyOf(this.host);
    fastify?.addHook('onRequest', async (request, reply) => {
      this.warnOfProxy(request);
      if (!isLimited(request)) return;
      const seconds = await this.attempts.mustWait(request.ip, () => credentialOf(request));
      if (seconds > 0) throw tooMany(seconds);
      this.wait(request);
      // Also when the answer is never sent.
      reply.raw.once('close', () => noteSignedIn(request));
    });
    fastify?.addHook('onResponse', async (request, { statusCode }) => {
      if (!isLimited(request)) return;
      this.remember(request);
      if (statusCode === 401 || failed.has(request)) await this.attempts.failed(request.ip);
    });
  }

  private wait(request: FastifyRequest): void {
    if (this.attempts.isKnown(() => credentialOf(request))) return;
    const network = networkOf(request.ip);
    const before = this.waiting.get(network) ?? 0;
    if (before >= unnamedAtOnce * this.settings.rateLimits.failedSignInsPerMinute) throw tooMany(1);
    this.waiting.set(network, before + 1);
    unnamed.set(request, () => {
      unnamed.delete(request);
      const left = (this.waiting.get(network) ?? 1) - 1;
      if (left > 0) this.waiting.set(network, left);
      else this.waiting.delete(network);
    });
  }

  /** Behind a proxy that is not configured, all users have one address, and one of them uses up the limits of all. Logged once. */
  private warnOfProxy({ headers }: FastifyRequest): void {
    if (!this.unaware || headers['x-forwarded-for'] === undefined) return;
    this.unaware = false;
    this.log.warn(
      'A request came with X-Forwarded-For, and TRUST_PROXY_HOPS is 0. If a proxy stands in front of the service, set it: ' +
        'otherwise limits by address count all users as one, and the audit log names the proxy.',
    );
  }

  private remember(request: FastifyRequest): void {
    const credential = (request as CallerRequest).caller && credentialOf(request);
    if (credential !== undefined) this.attempts.succeeded(credential);
  }
}

/** By the matched route, not by the address: an address has many spellings (`/%61ts/…`, `http://host/ats/…`). */
const isLimited = ({ routeOptions: { url = '' } }: FastifyRequest): boolean =>
  limited.some((place) => url.startsWith(place));

const tooMany = (seconds: number): DomainError =>
  new DomainError(
    'too_many',
    'too_many_failed_sign_ins',
    'Too many requests from your network were not signed in. Try again shortly.',
    {},
    seconds,
  );
