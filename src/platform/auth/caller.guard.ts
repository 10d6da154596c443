import { type CanActivate, type ExecutionContext, Injectable } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { FastifyReply } from 'fastify';
import type { Caller } from '#kernel/caller';
import { readId } from '#kernel/id';
import { enterLargeRead, enterTeam } from '../database/scope.js';
import { isLargePage } from '../http/paging.js';
import { RateLimits } from '../http/rate-limits.js';
import { noteSignedIn } from '../http/sign-in-limits.js';
import { TurnedAway } from '../http/turned-away.js';
import { Callers } from './callers.js';
import { Locators } from './locators.js';
import { Denials } from './denials.js';
import type { Located } from './ports.js';
import { authorize, mustHaveScope } from './requirement.js';
import {
  actKey,
  publicKey,
  type CallerRequest,
  largeReadKey,
  recentSignInKey,
  type Requirement,
  requirementKey,
  type RouteScope,
  scopeKey,
} from './requires.js';

/** Puts the `Caller` on the request and checks the route's requirement. */
@Injectable()
export class CallerGuard implements CanActivate {
  constructor(
    private readonly reflector: Reflector,
    private readonly callers: Callers,
    private readonly locators: Locators,
    private readonly rateLimits: RateLimits,
    private readonly turnedAway: TurnedAway,
    private readonly denials: Denials,
  ) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const targets = [context.getHandler(), context.getClass()];
    if (this.reflector.getAllAndOverride<boolean | undefined>(publicKey, targets)) return true;
    const request = context.switchToHttp().getRequest<CallerRequest>();
    const reply = context.switchToHttp().getResponse<FastifyReply>();
    request.caller = await this.callers.of(request);
    noteSignedIn(request);
    enterTeam(request.caller.teamId);
    const { caller } = request;
    await this.turnedAway.unlessWithin(request, reply, () => this.rateLimits.take(caller, reply));
    const requirement = this.reflector.getAllAndOverride<Requirement | undefined>(requirementKey, targets);
    const scope = this.reflector.getAllAndOverride<RouteScope | undefined>(scopeKey, targets);
    // Nothing was located yet: the id in the path may be anyone's, so that the entry is about an attempt and not about an act.
    const attempt = requirement && { ...requirement, action: undefined };
    await this.recordingDenials(caller, request, attempt, null, () => mustHaveScope(caller, scope));
    if (requirement) await this.check(request.caller, request, requirement);
    if (this.reflector.getAllAndOverride<boolean | undefined>(recentSignInKey, targets))
      this.callers.mustBeRecent(request);
    const act = this.reflector.getAllAndOverride<string | undefined>(actKey, targets);
    if (act) await this.rateLimits.takeAct(request.caller, act, reply);
    if (this.reflector.getAllAndOverride<boolean | undefined>(largeReadKey, targets) || isLargePage(request))
      enterLargeRead();
    return true;
  }

  private async check(caller: Caller, request: CallerRequest, requirement: Requirement): Promise<void> {
    const id = readId((request.params as { id?: string }).id);
    const { subject } = requirement;
    const place = subject === undefined || !id ? null : await this.locators.of(subject).locate(caller.teamId, id);
    await this.recordingDenials(caller, request, requirement, place, () => authorize(caller, requirement, place));
  }

  private async recordingDenials(
    caller: Caller,
    request: CallerRequest,
    requirement: Requirement | undefined,
    place: Located | null,
    decide: () => void,
  ): Promise<void> {
    try {
      decide();
    } catch (refusal) {
      await this.denials.recordDenial(caller, request, refusal, requirement, place);
      throw refusal;
    }
  }
}
