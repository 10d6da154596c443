import type { IncomingHttpHeaders } from 'node:http';
import { type CallHandler, type ExecutionContext, Injectable, type NestInterceptor, SetMetadata } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { from, lastValueFrom, type Observable } from 'rxjs';
import type { Caller } from '#kernel/caller';
import { DomainError } from '#kernel/errors';
import type { CallerRequest } from '../auth/requires.js';
import { guarded } from '../database/unit-guard.js';
import { type LastChange, LastChanges } from '../versions/last-changes.js';
import { type Accepts, changedMeanwhile, VersionGuard } from '../versions/version-guard.js';
import type { Thing } from '../versions/versioned-part.js';
import { Versions } from '../versions/versions.js';
import { partsOf, readTags, type TagList } from './entity-tags.js';
import { frameworkRefusal } from './refusal.js';

export const versionedKey = 'versioned';

interface VersionedRoute {
  subject: string;
  /** The parameter of the path that names the thing; null: a team has one. */
  namedBy: string | null;
}

/**
 * The route reads or changes one thing that has versions (`VersionedPart`). The tag of the read has the version, and changes heed
 * `If-Match` and `If-None-Match`. `namedBy`: the parameter of the path that names the thing; null: a team has one.
 */
export const Versioned = (subject: string, namedBy: string | null = 'id'): MethodDecorator =>
  SetMetadata(versionedKey, { subject, namedBy } satisfies VersionedRoute);

export interface VersionedRequest extends CallerRequest {
  /** What the answer shows is this version or a later one. */
  version?: string;
}

export const isRead = (method: string): boolean => method === 'GET' || method === 'HEAD';

/** Lets a request change a thing under the condition that it is still in the version that the caller read (RFC 9110, 13). */
@Injectable()
export class VersionInterceptor implements NestInterceptor {
  constructor(
    private readonly reflector: Reflector,
    private readonly versions: Versions,
    private readonly lastChanges: LastChanges,
  ) {}

  async intercept(context: ExecutionContext, next: CallHandler): Promise<Observable<unknown>> {
    const request = context.switchToHttp().getRequest<VersionedRequest>();
    const { caller, method, headers } = request;
    if (!caller) return next.handle();
    const route = this.reflector.get<VersionedRoute | undefined>(versionedKey, context.getHandler());
    const thing = route ? thingIn(request, route, caller) : null;
    if (isRead(method)) {
      // Before the answer is made: a tag with an older version is refused later, one with a newer version would hide a change.
      if (thing) request.version = await this.versions.of(thing);
      return next.handle();
    }
    const accepts = conditionIn(headers);
    if (!accepts) return next.handle();
    if (!thing) throw notConditional();
    return from(this.change(request, caller, new VersionGuard(this.versions, thing, accepts), thing, next));
  }

  private async change(
    request: VersionedRequest,
    caller: Caller,
    guard: VersionGuard,
    thing: Thing,
    next: CallHandler,
  ): Promise<unknown> {
    try {
      // Most stale changes end here, before a body is validated or another system is called.
      await guard.check();
      const answer = await guarded(guard, () => lastValueFrom(next.handle() as Observable<unknown>));
      // RFC 9110 (9.3.4) forbids it after PUT: the answer is not what was sent.
      if (request.method === 'PATCH' && guard.own !== undefined) request.version = guard.own;
      return answer;
    } catch (error) {
      if (error instanceof DomainError && error.kind === 'stale') throw await this.explained(caller, thing);
      throw error;
    }
  }

  private async explained(caller: Caller, thing: Thing): Promise<DomainError> {
    const change = await this.lastChanges.of(caller, await this.versions.changesOf(thing));
    const changed = { ...nameIn(caller, change), ...(change ? { changed_at: [change.at.toISOString()] } : {}) };
    return changedMeanwhile(`${sentenceOf(caller, change)} Read it again, then repeat your change.`, changed);
  }
}

/** Callers who do not see their colleagues learn when something was changed, and not by whom. */
function nameIn(caller: Caller, change: LastChange | null): Record<string, string[]> {
  const { id, name = null } = change?.by ?? {};
  return name !== null && (id === caller.user.id || caller.can('view_colleagues')) ? { changed_by: [name] } : {};
}

function sentenceOf(caller: Caller, change: LastChange | null): string {
  const stale = 'This is not the version that you read.';
  if (!change) return stale;
  const at = `${change.at.toISOString().slice(0, 16).replace('T', ' at ')} UTC`;
  if (change.by?.id === caller.user.id) return `${stale} You changed it last yourself, on ${at}.`;
  const [name = 'another user'] = nameIn(caller, change)['changed_by'] ?? [];
  return `${stale} It was last changed by ${change.by ? name : 'the service itself'}, on ${at}.`;
}

function thingIn({ params }: CallerRequest, { subject, namedBy }: VersionedRoute, { teamId }: Caller): Thing {
  const key = namedBy === null ? '' : (params as Record<string, string>)[namedBy];
  if (key === undefined) throw new Error(`The path has no parameter "${String(namedBy)}".`);
  return { subject, teamId, key };
}

/** null: the request states no condition. Throws `malformed_request` (400). */
function conditionIn({ 'if-match': ifMatch, 'if-none-match': ifNoneMatch }: IncomingHttpHeaders): Accepts | null {
  if (ifMatch === undefined && ifNoneMatch === undefined) return null;
  const wanted = ifMatch === undefined ? '*' : tagsIn(ifMatch);
  const unwanted = ifNoneMatch === undefined ? [] : tagsIn(ifNoneMatch);
  return (version) => names(wanted, version, 'strong') && !names(unwanted, version, 'weak');
}

/** A weak tag matches in a weak comparison only. */
const names = (tags: TagList, version: string, comparison: 'strong' | 'weak'): boolean =>
  tags === '*' ||
  tags.some(({ isWeak, value }) => partsOf(value)?.version === version && (comparison === 'weak' || !isWeak));

function tagsIn(header: string): TagList {
  const tags = readTags(header);
  const { reason, message } = frameworkRefusal(400);
  if (tags === null) throw new DomainError('malformed', reason, message);
  return tags;
}

/** A condition that is not heeded would be worse than none. */
function notConditional(): DomainError {
  const message = 'This address heeds neither If-Match nor If-None-Match when it changes something.';
  return new DomainError('invalid', 'invalid_request', message, { headers: { 'If-Match': [message] } });
}
