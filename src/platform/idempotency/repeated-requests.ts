import { type CallHandler, type ExecutionContext, Injectable, type NestInterceptor } from '@nestjs/common';
import { ModuleRef, Reflector } from '@nestjs/core';
import type { FastifyReply } from 'fastify';
import { from, lastValueFrom, type Observable } from 'rxjs';
import type { Caller } from '#kernel/caller';
import type { Id } from '#kernel/id';
import { UnitOfWork } from '#kernel/ports';
import type { RequestKey } from '#kernel/request-key';
import { Locators } from '../auth/locators.js';
import { authorize } from '../auth/requirement.js';
import { type CallerRequest, type Requirement, requirementKey } from '../auth/requires.js';
import { faultOfPlain } from '../http/plain-values.js';
import { keyFrom } from './idempotency-key.js';
import { asMaking } from './remembering-audit.js';
import { RequestKeys } from './request-keys.js';

export const makesOneKey = 'makes one';

export interface MakesOneMark {
  /** The audit action of the entry about what was made. */
  action: string;
  /** The method of the controller that reads it. */
  read: string;
}

type Controller = Record<string, (caller: Caller, id: Id) => unknown>;

/** Answers repeats of requests that made something (`MakesOne`) with what the first one made. */
@Injectable()
export class RepeatedRequests implements NestInterceptor {
  constructor(
    private readonly reflector: Reflector,
    private readonly module: ModuleRef,
    private readonly unitOfWork: UnitOfWork,
    private readonly keys: RequestKeys,
    private readonly locators: Locators,
  ) {}

  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    const sent = context.switchToHttp().getRequest<CallerRequest>();
    const { caller } = sent;
    const key = keyFrom([sent.headers['idempotency-key']].flat().join());
    // A body that validation will refuse makes nothing, and is too deep or too large to compare.
    if (!caller || key === null || faultOfPlain(sent.body)) return next.handle();
    const request = {
      teamId: caller.teamId,
      userId: caller.user.id,
      path: sent.url.replace(/\/?(\?.*)?$/, '').toLowerCase(),
      key,
      body: JSON.stringify(sorted(sent.body ?? null)),
    };
    return from(this.once(context, caller, request, () => lastValueFrom(next.handle())));
  }

  private async once(
    context: ExecutionContext,
    caller: Caller,
    request: RequestKey,
    make: () => Promise<unknown>,
  ): Promise<unknown> {
    const first = await this.recall(request);
    if (first) return this.replay(context, caller, first);
    const { action } = this.markOf(context);
    try {
      return await asMaking({ request, action }, make);
    } catch (error) {
      // The same request may have succeeded during this one. Then its success caused this refusal.
      const meanwhile = await this.recall(request);
      if (meanwhile) return this.replay(context, caller, meanwhile);
      throw error;
    }
  }

  private recall(request: RequestKey): Promise<Id | null> {
    return this.unitOfWork.run(() => this.keys.recall(request));
  }

  /** Reads what was made as the caller may read it now. */
  private async replay(context: ExecutionContext, caller: Caller, id: Id): Promise<unknown> {
    const controller = this.module.get<Controller>(context.getClass<Controller>(), { strict: false });
    const { read } = this.markOf(context);
    const method = controller[read];
    if (!method) throw new Error(`${context.getClass().name} has no ${read}.`);
    const requirement = this.reflector.get<Requirement | undefined>(requirementKey, method);
    if (requirement?.subject !== undefined)
      authorize(caller, requirement, await this.locators.of(requirement.subject).locate(caller.teamId, id));
    const thing = await method.call(controller, caller, id);
    void context.switchToHttp().getResponse<FastifyReply>().header('idempotent-replayed', 'true');
    return thing;
  }

  private markOf(context: ExecutionContext): MakesOneMark {
    return this.reflector.get<MakesOneMark>(makesOneKey, context.getHandler());
  }
}

/** The same value with the fields of each object in one order: some clients write them in another order each time. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  const fields = Object.entries(value).sort(([one], [other]) => (one < other ? -1 : 1));
  return Object.fromEntries(fields.map(([name, inner]) => [name, sorted(inner)]));
}
