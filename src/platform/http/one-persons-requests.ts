import { Injectable, type OnModuleInit } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { DomainError } from '#kernel/errors';
import { Credentials, isCounted } from './credential.js';

/** Requests of one person that a replica works on at a time. A browser has six connections, and its calls are short. */
const atOnce = 4;
/** Requests of one person that wait for their turn; more are refused. */
const mostWaiting = 250;

const isAt = ({ routeOptions: { url = '' } }: FastifyRequest, end: string): boolean => url.endsWith(end);
/** Streams have a limit of their own, and would keep their places for hours. */
const isStream = (request: FastifyRequest): boolean => isAt(request, '/updates');
/** Reports may take the vendor seconds: they take turns among themselves, and keep no other request waiting. */
const lineOf = (request: FastifyRequest): string => (isAt(request, '/results') ? 'reports' : 'requests');

/**
 * One person's requests take turns: beyond a few at a time they wait for each other, before anything is verified, read or asked
 * of the database. So the requests of others do not wait behind a flood, whatever each request of it costs.
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
    const fastify = this.host.httpAdapter.getInstance<FastifyInstance>();
    fastify.addHook('onRequest', (request, reply) => this.turn(request, reply));
    // A place is held while the answer is made, not while it is read: unread answers have limits of their own.
    fastify.addHook('onSend', async (request) => this.leaving.get(request)?.());
  }

  private async turn(request: FastifyRequest, { raw }: FastifyReply): Promise<void> {
    const credential = isCounted(request) && !isStream(request) ? this.credentials.of(request) : undefined;
    if (credential === undefined) return;
    const person = `${lineOf(request)} ${credential}`;
    // Given up while it waited: worked all the same, a flood of those would take as many places as it likes.
    if (!(await this.take(person, raw))) throw tooMany();
    const leave = (): void => {
      if (this.leaving.delete(request)) this.giveBack(person);
    };
    this.leaving.set(request, leave);
    if (raw.destroyed) leave();
    else raw.once('close', leave);
  }

  /** False: the connection ended while it waited. */
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
    // The place goes on to the one that waited longest.
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
