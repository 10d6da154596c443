import { createParamDecorator, type ExecutionContext, SetMetadata } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import type { Caller, Capability } from '#kernel/caller';
import type { Scope } from '#kernel/scopes';

export interface Requirement {
  capability: Capability | null;
  /** The kind of thing that `:id` in the path names; absent: the team as a whole. */
  subject?: string;
  /** The audit action of the route, where it has one. */
  action?: string;
}

export const requirementKey = 'requirement';
export const publicKey = 'public';

/** Callers need not be signed in: health, sign-in. */
export const Public = (): MethodDecorator & ClassDecorator => SetMetadata(publicKey, true);

/**
 * What a route requires of its caller. Checked before the body: 404 when they cannot see the `subject` named by `:id`, 403 when
 * they lack the capability on it. `capability` null: being able to see it is enough.
 */
export const Requires = (capability: Capability | null, subject?: string, action?: string): MethodDecorator =>
  SetMetadata(requirementKey, { capability, subject, action } satisfies Requirement);

export const scopeKey = 'scope';

/** Which scopes open a route to service accounts. */
export type RouteScope = readonly [Scope, ...Scope[]] | 'any';

/**
 * The scope that a service account needs here besides the requirement; of several, one of them. Every route without this mark
 * refuses service accounts: what is forgotten is closed.
 */
export const NeedsScope = (...oneOf: [Scope, ...Scope[]]): MethodDecorator =>
  SetMetadata(scopeKey, oneOf satisfies RouteScope);

/** A service account may call this whatever its scopes are. */
export const AnyScope = (): MethodDecorator => SetMetadata(scopeKey, 'any' satisfies RouteScope);

export const recentSignInKey = 'recent sign-in';

/** Requires a recent sign-in of callers with a browser session: 403 `recent_sign_in_required` otherwise. */
export const RecentSignIn = (): MethodDecorator => SetMetadata(recentSignInKey, true);

export const actKey = 'limited_act';

/** Limits how often a team may do this in a minute (`LimitedAct`). Only calls by callers who have the right are counted. */
export const LimitedPerTeam = (act: string): MethodDecorator => SetMetadata(actKey, act);

export const largeReadKey = 'large_read';

/** A list that scans everything a team has, whatever the page size. A team runs one such read at a time (`lanes.ts`). */
export const LargeRead = (): MethodDecorator => SetMetadata(largeReadKey, true);

export interface CallerRequest extends FastifyRequest {
  caller?: Caller;
}

/** The caller that the guard put on the request. */
export const CurrentCaller = createParamDecorator((_: unknown, context: ExecutionContext): Caller => {
  const { caller } = context.switchToHttp().getRequest<CallerRequest>();
  if (!caller) throw new Error('A route that needs its caller is marked public.');
  return caller;
});
