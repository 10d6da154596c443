import { Controller, Get, Logger, Query, Req, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import { IsIn, IsInt, IsOptional, Max, Min } from 'class-validator';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { AuthorizationResponseError } from 'openid-client';
import { Public } from '#platform/auth/requires';
import { Settings } from '#platform/config/settings';
import { acrossTeams } from '#platform/database/scope';
import { noteFailedSignIn } from '#platform/http/sign-in-limits';
import { SearchText } from '#platform/http/text';
import { Sessions } from '../../domain/sessions.js';
import { OpenIdClient } from '../identity/openid-client.js';
import { BrowserSignIn } from './browser-sign-in.js';
import { type PendingSignIn, PendingSignIns } from './pending-sign-ins.js';
import { safeReturn } from './return-to.js';
import { TeamQuestion } from './team-question.js';
import { AccessSettings } from '../../settings.js';

class SignInQuery {
  /** A path of the console. */
  @SearchText()
  @IsOptional()
  return_to?: string;

  /** Seconds. A person who signed in at the provider longer ago must sign in there again. */
  @Type(() => Number)
  @IsInt()
  @Min(0)
  @Max(604_800)
  @IsOptional()
  max_age?: number;

  @IsIn(['login', 'select_account'])
  @IsOptional()
  prompt?: string;
}

/** Why a person is sent back to the sign-in page. The page has a sentence for each. */
type Why = 'unknown' | 'choose_team' | 'cancelled' | 'failed' | 'unavailable' | 'not_set_up';

/** Sends browsers to the identity provider and takes them back. People see these routes, so every answer leads to a page. */
@Public()
@ApiExcludeController()
@Controller('auth')
export class SignInController {
  private readonly log = new Logger('sign-in');

  constructor(
    private readonly openId: OpenIdClient,
    private readonly pending: PendingSignIns,
    private readonly browserSignIn: BrowserSignIn,
    private readonly teamQuestion: TeamQuestion,
    private readonly sessions: Sessions,
    private readonly settings: Settings,
    private readonly access: AccessSettings,
  ) {}

  @Get('sign-in')
  async signIn(@Query() query: SignInQuery, @Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    const returnTo = safeReturn(query.return_to);
    if (this.settings.localRun) return this.toSignInPage(reply, returnTo);
    if (!this.openId.isSetUp) return this.toSignInPage(reply, returnTo, 'not_set_up');
    const longest = this.access.sessions.hours * 3600;
    const options = { maxAgeSeconds: Math.min(query.max_age ?? longest, longest), prompt: query.prompt };
    try {
      const { url, attempt } = await this.openId.begin(options);
      this.pending.add(request, reply, attempt, returnTo);
      return leadTo(reply, url);
    } catch (error) {
      this.note(error);
      return this.toSignInPage(reply, returnTo, 'unavailable');
    }
  }

  @Get('callback')
  async callback(
    @Query() query: Record<string, string | string[]>,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const state = typeof query['state'] === 'string' ? query['state'] : undefined;
    const pending = this.pending.take(request, reply, state);
    if (!pending) {
      noteFailedSignIn(request);
      return this.toSignInPage(reply, undefined, 'failed');
    }
    try {
      const why = await this.finish(pending, request, reply);
      if (why === 'unknown') noteFailedSignIn(request);
      return why ? this.toSignInPage(reply, pending.returnTo, why) : leadTo(reply, pending.returnTo);
    } catch (error) {
      this.note(error);
      const why = error instanceof AuthorizationResponseError ? 'cancelled' : 'failed';
      // Each failure cost a request to the provider. It counts against the limit, so that the service cannot be used to flood
      // the provider.
      if (why === 'failed') noteFailedSignIn(request);
      return this.toSignInPage(reply, pending.returnTo, why);
    }
  }

  private async finish(pending: PendingSignIn, request: FastifyRequest, reply: FastifyReply): Promise<Why | null> {
    const search = request.url.slice(request.url.indexOf('?'));
    const came = await acrossTeams('sign-in', () => this.sessions.now());
    const askedAt = new Date(Math.min(pending.began, came.getTime()));
    const proof = { ...(await this.openId.finish(search, pending)), askedAt };
    const outcome = await this.browserSignIn.enter(proof, null, request, reply);
    if (outcome === 'choose_team') this.teamQuestion.ask(reply, proof, pending.returnTo);
    return outcome === 'entered' ? null : outcome;
  }

  private toSignInPage(reply: FastifyReply, returnTo?: string, why?: Why): void {
    const query = new URLSearchParams();
    if (returnTo !== undefined) query.set('return_to', returnTo);
    if (why !== undefined) query.set('why', why);
    leadTo(reply, `/sign-in?${query.toString()}`);
  }

  /** Logs only the error codes. The provider's sentences may name the person. */
  private note(error: unknown): void {
    const { name, code, error: word } = error as { name?: string; code?: string; error?: string };
    this.log.warn(`a sign-in failed: ${[name, code, word].filter(Boolean).join(' ')}`);
  }
}

function leadTo(reply: FastifyReply, address: string): void {
  void reply.status(303).header('location', address).send();
}
