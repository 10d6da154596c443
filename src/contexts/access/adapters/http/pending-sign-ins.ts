import { Injectable } from '@nestjs/common';
import { Clock } from '#kernel/ports';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { SignInAttempt } from '../identity/openid-client.js';
import { SealedCookies } from './sealed-cookies.js';

/** A sign-in that left for the provider and has not come back. */
export interface PendingSignIn extends SignInAttempt {
  returnTo: string;
}

const cookie = 'ats_signing_in';
const withinSeconds = 600;
/** Several tabs may be signing in; together they must fit into one cookie, which browsers take up to 4096 bytes long. */
const atOnce = 3;
const longestReturnTo = 500;

/**
 * What is to be remembered of sign-ins until the browser comes back from the provider, in a sealed cookie of that browser:
 * a code that somebody else got finds nothing here, and signs nobody in.
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

  /** The one with that state, once; null: it was begun in another browser, or too long ago. */
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
