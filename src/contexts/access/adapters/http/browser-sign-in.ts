import { Injectable } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { SignedInUser } from '#kernel/caller';
import { HostCookies, sessionCookie } from '#platform/auth/host-cookies';
import { acrossTeams } from '#platform/database/scope';
import { StartSession } from '../../application/start-session.js';
import type { SignInProof } from '../../domain/sessions.js';
import { SignInDirectory, type VerifiedIdentity } from '../../domain/sign-in-directory.js';

/** The identity that a person proved at the provider, with the times that order this sign-in and the provider's logouts. */
export type ProvedPerson = SignInProof & VerifiedIdentity;

/** The last step of every sign-in with a browser: starts the session and sets its cookie. */
@Injectable()
export class BrowserSignIn {
  constructor(
    private readonly commands: CommandBus,
    private readonly directory: SignInDirectory,
    private readonly cookies: HostCookies,
  ) {}

  /**
   * `unknown`: no team lists the person · `choose_team`: several teams do, and `teamId` is none of them, even if the person is
   * bound in one.
   */
  async enter(
    proof: ProvedPerson,
    teamId: string | null,
    request: FastifyRequest,
    reply: FastifyReply,
  ): Promise<'entered' | 'unknown' | 'choose_team'> {
    const outcome = await this.directory.find(proof, { teamId, ask: true, ip: request.ip });
    if (!outcome) return 'unknown';
    if (outcome.kind === 'choose') return 'choose_team';
    await this.start(outcome.user, proof, request, reply);
    return 'entered';
  }

  /** Also ends the session that the browser had before. */
  async start(user: SignedInUser, proof: SignInProof, request: FastifyRequest, reply: FastifyReply): Promise<void> {
    const owner = { teamId: user.teamId, userId: user.id };
    const command = new StartSession(owner, proof, this.cookies.read(request, sessionCookie), request.ip);
    const token = await acrossTeams('sign-in', () => this.commands.execute<StartSession, string>(command));
    this.cookies.set(reply, sessionCookie, token);
  }
}
