import { Injectable, type OnModuleInit } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Caller } from '#kernel/caller';
import type { CallerRequest } from '../auth/requires.js';
import { Settings } from '../config/settings.js';
import { answerInstead } from './negotiation.js';
import { refusalOf } from './refusal.js';
import { fastifyOf } from './fastify-of.js';

const mebibyte = 1024 * 1024;
/** The most bytes of answers that clients have not read yet, on one replica. The largest list has some five mebibytes. */
const mostOfUser = 24 * mebibyte;
const mostOfTeam = 96 * mebibyte;
/** Roughly what a streamed answer holds in memory at a time. */
const ofStream = mebibyte;

/**
 * Bounds the memory of answers that clients do not read: a user could request large lists and leave them all on their connections.
 * Beyond the limits reads are answered 429. Changes are counted, and always answered.
 */
@Injectable()
export class UnreadAnswers implements OnModuleInit {
  private readonly held = new Map<string, number>();

  constructor(
    private readonly host: HttpAdapterHost,
    private readonly settings: Settings,
  ) {}

  onModuleInit(): void {
    const idleMs = this.settings.answerIdleSeconds * 1000;
    const fastify = fastifyOf(this.host);
    fastify?.addHook('onSend', async (request: CallerRequest, reply, payload: unknown) => {
      const { caller, method } = request;
      // Nobody can leave unread what HEAD does not send.
      if (!caller || payload === undefined || payload === null || method === 'HEAD') return payload;
      const bytes = sizeOf(payload);
      if (method === 'GET' && this.isTooMuch(caller, bytes)) return refuse(request, reply, payload);
      this.hold(caller, bytes, reply);
      if (!isStream(payload)) request.raw.socket.setTimeout(idleMs);
      return payload;
    });
  }

  private isTooMuch({ user, teamId }: Caller, bytes: number): boolean {
    const [ofUser, ofTeam] = [this.openFor(user.id), this.openFor(teamId)];
    return (ofUser > 0 && ofUser + bytes > mostOfUser) || (ofTeam > 0 && ofTeam + bytes > mostOfTeam);
  }

  private hold({ user, teamId }: Caller, bytes: number, { raw }: FastifyReply): void {
    // The connection may have closed while the answer was made: then no close event follows.
    if (raw.destroyed) return;
    for (const id of [user.id, teamId]) this.held.set(id, this.openFor(id) + bytes);
    raw.once('close', () => {
      for (const id of [user.id, teamId]) this.release(id, bytes);
    });
  }

  private release(id: string, bytes: number): void {
    const left = this.openFor(id) - bytes;
    if (left > 0) this.held.set(id, left);
    else this.held.delete(id);
  }

  private openFor(id: string): number {
    return this.held.get(id) ?? 0;
  }
}

const isStream = (payload: unknown): payload is { destroy?: () => void } =>
  typeof payload === 'object' && !Buffer.isBuffer(payload);

function sizeOf(payload: unknown): number {
  if (typeof payload === 'string') return Buffer.byteLength(payload);
  return Buffer.isBuffer(payload) ? payload.length : ofStream;
}

function refuse(request: FastifyRequest, reply: FastifyReply, payload: unknown): string {
  if (isStream(payload)) payload.destroy?.();
  const message =
    'You have not read the answers to your last requests. Read them, or close their connections, and try again.';
  void reply.header('retry-after', '1');
  return answerInstead(request, reply, refusalOf(429, 'too_many_unread_answers', message));
}
