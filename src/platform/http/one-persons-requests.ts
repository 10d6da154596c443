import { Injectable, type OnModuleInit } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { DomainError } from '#kernel/errors';
import { Credentials, isCounted } from './credential.js';
import { fastifyOf } from './fastify-of.js';
import { marksOf } from './route-marks.js';

/** How many requests of one person a replica runs at a time. A browser has six connections, and its calls are short. */
const atOnce = 4;
/** How many requests of one person may wait for their turn. More are refused. */
const mostWaiting = 250;

const lineOf = (request: FastifyRequest): string => (marksOf(request).waitsForOthers ? 'slow' : 'usual');

/**
 * Limits how many requests of one person run at a time. Further ones wait for each other, before anything is verified, read or
 * queried. Requests of other people do not wait behind such a flood, whatever its requests cost.
 */
@Injectable()
export class OnePersonsRequests implements OnModuleInit {
  private readonly running = new Map<string, number>();
  private readonly waiting = new Map<string, (() => void)[]>();
  private readonly leaving = new WeakMap<FastifyRequest, () => void>();

  constructor(
    private readonly host: HttpAdapterHost,
    private readonly credentials: Credentials,
  ) {}

  onModuleInit(): void {
    const fastify = fastifyOf(this.host);
    fastify?.addHook('onRequest', (request, reply) => this.turn(request, reply));
    // A request holds its place while its answer is made, not while the client reads it: unread answers have limits of their own.
    fastify?.addHook('onSend', async (request) => this.leaving.get(request)?.());
  }

  private async turn(request: FastifyRequest, { raw }: FastifyReply): Promise<void> {
    // A stream would hold its place for hours.
    const takesPlace = isCounted(request) && !marksOf(request).isStream;
    const credential = takesPlace ? this.credentials.of(request) : undefined;
    if (credential === undefined) return;
    const person = `${lineOf(request)} ${credential}`;
    // The client gave up while the request waited. If it still ran, a flood of such requests could take any number of places.
    if (!(await this.take(person, raw))) throw tooMany();
    const leave = (): void => {
      if (this.leaving.delete(request)) this.giveBack(person);
    };
    this.leaving.set(request, leave);
    if (raw.destroyed) leave();
    else raw.once('close', leave);
  }

  /** false: the connection ended while the request waited. */
  private take(person: string, raw: FastifyReply['raw']): Promise<boolean> | true {
    const running = this.running.get(person) ?? 0;
    if (running < atOnce) {
      this.running.set(person, running + 1);
      return true;
    }
    const queue = this.waiting.get(person) ?? [];
    if (queue.length >= mostWaiting) throw tooMany();
    this.waiting.set(person, queue);
    return new Promise((resolve) => {
      const begin = (): void => {
        raw.off('close', end);
        resolve(true);
      };
      const end = (): void => {
        const at = queue.indexOf(begin);
        if (at >= 0) queue.splice(at, 1);
        if (queue.length === 0) this.waiting.delete(person);
        resolve(false);
      };
      queue.push(begin);
      raw.once('close', end);
    });
  }

  private giveBack(person: string): void {
    const next = this.waiting.get(person)?.shift();
    if (this.waiting.get(person)?.length === 0) this.waiting.delete(person);
    // The request that has waited longest gets the place.
    if (next) return next();
    const left = (this.running.get(person) ?? 1) - 1;
    if (left > 0) this.running.set(person, left);
    else this.running.delete(person);
  }
}

const tooMany = (): DomainError =>
  new DomainError(
    'too_many',
    'too_many_requests',
    'You have too many open requests. Wait for their responses, then try again.',
    {},
    1,
  );
