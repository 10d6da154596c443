import { Injectable } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { decodeJwt } from 'jose';
import { Caller, type SignedInUser } from '#kernel/caller';
import { DomainError } from '#kernel/errors';
import { Clock } from '#kernel/ports';
import { Settings } from '../config/settings.js';
import { acrossTeams, asTeam } from '../database/scope.js';
import { HostCookies, sessionCookie } from './host-cookies.js';
import { apiKeyHeader, ApiKeys, Authenticator, BrowserSessions, JobScopes, type Origin } from './ports.js';
import { mustBeSameOrigin } from './same-origin.js';
import { type StillAllowed, stillAllowed } from './still-allowed.js';

const bearerForm = /^Bearer ([\w-]+\.[\w-]+\.[\w-]*)$/i;

/** The credential that admitted a request. */
interface Admission {
  user: SignedInUser;
  /** Milliseconds since 1970. */
  endsAt: number;
  /** null: the sign-in always counts as recent. */
  recentUntil: Date | null;
}

/**
 * The person behind a request, from a bearer token or a browser session, or the service account, from its API key or a token.
 * Each call reads their rights again. Work that runs longer than one request check (streams, uploads, exports) calls this again before it continues.
 */
@Injectable()
export class Callers {
  private readonly admissions = new WeakMap<FastifyRequest, Admission>();

  constructor(
    private readonly authenticator: Authenticator,
    private readonly sessions: BrowserSessions,
    private readonly apiKeys: ApiKeys,
    private readonly jobScopes: JobScopes,
    private readonly cookies: HostCookies,
    private readonly settings: Settings,
    private readonly clock: Clock,
  ) {}

  /** Throws 401 when the request identifies no active user, 403 when a page of another site caused it. */
  async of(request: FastifyRequest): Promise<Caller> {
    const admission = await acrossTeams('sign-in', () => this.admit(request));
    this.admissions.set(request, admission);
    const { user } = admission;
    const rights = await asTeam(user.teamId, () => this.jobScopes.of(user));
    return Caller.from(user, rights, request.ip);
  }

  /** For work that continues after `admitted` was checked; see `StillAllowed`. */
  watch(request: FastifyRequest, admitted: Caller, mayGoOn: (caller: Caller) => void | Promise<void>): StillAllowed {
    return stillAllowed(() => this.of(request), mayGoOn, admitted);
  }

  /** Milliseconds until the sign-in that admitted the request expires. */
  endsIn(request: FastifyRequest): number {
    return (this.admissions.get(request)?.endsAt ?? 0) - this.clock.now().getTime();
  }

  /**
   * Throws 403 `recent_sign_in_required` when the sign-in of a session no longer counts as recent. Bearer tokens and API keys pass:
   * programs cannot sign in again. The identity provider controls the age of a token, and a recent sign-in made the key.
   */
  mustBeRecent(request: FastifyRequest): void {
    const recentUntil = this.admissions.get(request)?.recentUntil;
    if (!recentUntil || this.clock.now() <= recentUntil) return;
    throw new DomainError(
      'forbidden',
      'recent_sign_in_required',
      'This needs a recent sign-in. Sign in again, then try again.',
    );
  }

  /**
   * A key or a bearer token wins over a session: a client sends it on purpose, while a browser adds the cookie by itself. Both at once
   * are refused: it would depend on the order of our code as whom the client acts.
   */
  private async admit(request: FastifyRequest): Promise<Admission> {
    const key = request.headers[apiKeyHeader];
    if (key !== undefined && request.headers.authorization !== undefined) throw severalCredentials();
    if (key !== undefined) return this.admitKey(request, String(key));
    const session = this.cookies.read(request, sessionCookie);
    if (request.headers.authorization === undefined && session !== null) return this.resume(request, session);
    const bearer = bearerForm.exec(request.headers.authorization ?? '')?.[1];
    if (!bearer) throw new DomainError('unauthenticated', 'unauthenticated', 'Sign in first.');
    const user = await this.authenticator.authenticate(bearer, originOf(request));
    return { user, endsAt: (decodeJwt(bearer).exp ?? 0) * 1000, recentUntil: null };
  }

  private async admitKey(request: FastifyRequest, key: string): Promise<Admission> {
    const { account, endsAt } = await this.apiKeys.authenticate(key, originOf(request));
    return { user: account, endsAt: endsAt.getTime(), recentUntil: null };
  }

  /** A check for running work does not count as use of the session: an abandoned tab must not keep it alive. */
  private async resume(request: FastifyRequest, token: string): Promise<Admission> {
    mustBeSameOrigin(request, this.settings.publicUrl);
    const keepAlive = !this.admissions.has(request);
    const { user, endsAt, recentUntil } = await this.sessions.resume(token, { keepAlive });
    return { user, endsAt: endsAt.getTime(), recentUntil };
  }
}

function originOf({ headers, ip }: FastifyRequest): Origin {
  const teamId = headers['x-team-id'];
  return { teamId: typeof teamId === 'string' ? teamId : null, ip };
}

const severalCredentials = (): DomainError =>
  new DomainError(
    'malformed',
    'several_credentials',
    'The request has an API key and an Authorization header. Send one of them.',
  );
