import { createParamDecorator, type ExecutionContext, SetMetadata } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import type { Caller, Capability } from '#kernel/caller';
import type { LimitedAct } from '../http/rate-limits.js';

export interface Requirement {
  capability: Capability | null;
  /** The kind of thing that the path's `:id` names; absent: the team as a whole. */
  subject?: string;
  /** What the audit log calls the act, where it has a name for it. */
  action?: string;
}

export const requirementKey = 'requirement';
export const publicKey = 'public';

/** Nobody needs to be signed in: Certn's door, health, sign-in. */
export const Public = (): MethodDecorator & ClassDecorator => SetMetadata(publicKey, true);

/**
 * What a route asks of its caller, checked before the body is: 404 when they cannot see the `subject` named by `:id`, 403
 * when they may not do it there. `capability` null: seeing is enough.
 */
export const Requires = (capability: Capability | null, subject?: string, action?: string): MethodDecorator =>
  SetMetadata(requirementKey, { capability, subject, action } satisfies Requirement);

export const recentSignInKey = 'recent sign-in';

/** Asks people who come by a browser's session for a sign-in that is not long ago: 403 `recent_sign_in_required`. */
export const RecentSignIn = (): MethodDecorator => SetMetadata(recentSignInKey, true);

export const actKey = 'limited_act';

/** A team may do this so often in a minute (`RateLimits`); counted once the caller may do it at all. */
export const LimitedPerTeam = (act: LimitedAct): MethodDecorator => SetMetadata(actKey, act);

export const largeReadKey = 'large_read';

/** A list that reads through everything a team has, whatever the page's size: the team reads one at a time (`lanes.ts`). */
export const LargeRead = (): MethodDecorator => SetMetadata(largeReadKey, true);

export interface CallerRequest extends FastifyRequest {
  caller?: Caller;
}

/** The caller, put on the request by the guard. */
export const CurrentCaller = createParamDecorator((_: unknown, context: ExecutionContext): Caller => {
  const { caller } = context.switchToHttp().getRequest<CallerRequest>();
  if (!caller) throw new Error('A route that needs its caller is marked public.');
  return caller;
});
