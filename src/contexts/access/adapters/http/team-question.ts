import { Injectable } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { ProvedPerson } from './browser-sign-in.js';
import { SealedCookies } from './sealed-cookies.js';

/** A person who proved their identity and whom several teams list. */
export interface OpenQuestion {
  proof: ProvedPerson;
  returnTo: string;
}

const cookie = 'ats_choosing_team';
const withinSeconds = 600;

/** Keeps the proved identity in a sealed cookie while the person chooses their team. */
@Injectable()
export class TeamQuestion {
  constructor(private readonly cookies: SealedCookies) {}

  ask(reply: FastifyReply, proof: ProvedPerson, returnTo: string): void {
    this.cookies.set(reply, cookie, { proof, returnTo } satisfies OpenQuestion, withinSeconds);
  }

  of(request: FastifyRequest): OpenQuestion | null {
    const question = this.cookies.read<OpenQuestion>(request, cookie);
    if (!question) return null;
    const { proof, returnTo } = question;
    const { authenticatedAt, saidAuthenticatedAt, askedAt } = proof;
    const times = {
      authenticatedAt: new Date(authenticatedAt),
      saidAuthenticatedAt: saidAuthenticatedAt && new Date(saidAuthenticatedAt),
      askedAt: new Date(askedAt),
    };
    return { proof: { ...proof, ...times }, returnTo };
  }

  /** Also true when the cookie has expired. */
  isAsked(request: FastifyRequest): boolean {
    return this.cookies.has(request, cookie);
  }

  answered(reply: FastifyReply): void {
    this.cookies.clear(reply, cookie);
  }
}
