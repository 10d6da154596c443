import { Injectable } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { decodeJwt } from 'jose';
import { Caller } from '#kernel/caller';
import { DomainError } from '#kernel/errors';
import { acrossTeams, asTeam } from '../database/scope.js';
import { Authenticator, JobScopes, type Origin } from './ports.js';

const bearerForm = /^Bearer ([\w-]+\.[\w-]+\.[\w-]*)$/i;

/**
 * The person behind a request. Each call reads their rights again, so work that outlives the moment it was admitted
 * (streams, imports, exports) asks once more before it goes on.
 */
@Injectable()
export class Callers {
  constructor(
    private readonly authenticator: Authenticator,
    private readonly jobScopes: JobScopes,
  ) {}

  /** Throws 401 when the request names no person who may sign in now. */
  async of(request: FastifyRequest): Promise<Caller> {
    const user = await acrossTeams('sign-in', () =>
      this.authenticator.authenticate(bearerOf(request), originOf(request)),
    );
    const { scope, grants } = await asTeam(user.teamId, () => this.jobScopes.of(user));
    const { teamId, id, name, level, ownCandidateIds } = user;
    return new Caller(teamId, { id, name }, level, scope, grants, ownCandidateIds, request.ip);
  }

  /** When the sign-in that admitted the request ends by itself, in milliseconds since 1970. */
  endOf(request: FastifyRequest): number {
    return (decodeJwt(bearerOf(request)).exp ?? 0) * 1000;
  }
}

function originOf({ headers, ip }: FastifyRequest): Origin {
  const teamId = headers['x-team-id'];
  return { teamId: typeof teamId === 'string' ? teamId : null, ip };
}

function bearerOf(request: FastifyRequest): string {
  const bearer = bearerForm.exec(request.headers.authorization ?? '')?.[1];
  if (!bearer) throw new DomainError('unauthenticated', 'unauthenticated', 'Please sign in.');
  return bearer;
}
