import { Injectable } from '@nestjs/common';
import { Clock } from '#kernel/ports';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { SignInAttempt } from '../identity/openid-client.js';
import { SealedCookies } from './sealed-cookies.js';

/** A sign-in whose browser was sent to the provider and has not come back. */
export interface PendingSignIn extends SignInAttempt {
  returnTo: string;
}

const cookie = 'ats_signing_in';
const withinSeconds = 600;
/** Several tabs may sign in at once. All pending sign-ins must fit into one cookie, and browsers accept 4096 bytes. */
const atOnce = 3;
const longestReturnTo = 500;

/**
 * Keeps pending sign-ins in a sealed cookie until the browser comes back from the provider. An authorisation code that is stolen
 * has no pending sign-in in the thief's browser, so it cannot be used there.
 */
@Injectable()
export class PendingSignIns {
  constructor(
    private readonly cookies: SealedCookies,
    private readonly clock: Clock,
  ) {}

  add(request: FastifyRequest, reply: FastifyReply, attempt: SignInAttempt, wanted: string): void {
    const returnTo = wanted.length > longestReturnTo ? '/jobs' : wanted;
    this.keep(reply, [{ ...attempt, returnTo }, ...this.of(request)].slice(0, atOnce));
  }

  /** Returns the sign-in with that state once. null: it was begun in another browser or too long ago. */
  take(request: FastifyRequest, reply: FastifyReply, state: string | undefined): PendingSignIn | null {
    const all = this.of(request);
    const found = all.find((pending) => pending.state === state);
    if (!found) return null;
    const others = all.filter((pending) => pending !== found);
    this.keep(reply, others);
    return found;
  }

  private keep(reply: FastifyReply, pending: PendingSignIn[]): void {
    if (pending.length === 0) this.cookies.clear(reply, cookie);
    else this.cookies.set(reply, cookie, pending, withinSeconds);
  }

  private of(request: FastifyRequest): PendingSignIn[] {
    const pending = this.cookies.read<PendingSignIn[]>(request, cookie) ?? [];
    const since = this.clock.now().getTime() - withinSeconds * 1000;
    return pending.filter(({ began }) => began > since);
  }
}
