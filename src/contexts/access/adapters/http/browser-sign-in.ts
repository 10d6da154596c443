import { Injectable } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { HostCookies, sessionCookie } from '#platform/auth/host-cookies';
import { acrossTeams } from '#platform/database/scope';
import { StartSession } from '../../application/start-session.js';
import type { SignInProof } from '../../domain/sessions.js';
import { type SignedInPerson, SignInDirectory, type VerifiedIdentity } from '../../domain/sign-in-directory.js';

/** Who somebody proved to be at the provider, and what orders that against its logouts. */
export type ProvedPerson = SignInProof & VerifiedIdentity;

/** The last step of every sign-in with a browser: the session, and its cookie. */
@Injectable()
export class BrowserSignIn {
  constructor(
    private readonly commands: CommandBus,
    private readonly directory: SignInDirectory,
    private readonly cookies: HostCookies,
  ) {}

  /** `unknown`: no team has listed the person · `choose_team`: several have, and `teamId` names none of them, even if they are bound in one. */
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

  /** The session that the browser had before ends. */
  async start(user: SignedInPerson, proof: SignInProof, request: FastifyRequest, reply: FastifyReply): Promise<void> {
    const owner = { teamId: user.teamId, userId: user.id };
    const command = new StartSession(owner, proof, this.cookies.read(request, sessionCookie), request.ip);
    const token = await acrossTeams('sign-in', () => this.commands.execute<StartSession, string>(command));
    this.cookies.set(reply, sessionCookie, token);
  }
}
