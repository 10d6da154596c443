import { type CallHandler, type ExecutionContext, Injectable, type NestInterceptor } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { catchError, concatMap, from, map, type Observable, throwError } from 'rxjs';
import { Denials } from './denials.js';
import { type CallerRequest, type Requirement, requirementKey } from './requires.js';

/** Records what use cases deny, and ids that lists do not find, after the guards have admitted the caller. */
@Injectable()
export class DenialInterceptor implements NestInterceptor {
  constructor(
    private readonly reflector: Reflector,
    private readonly denials: Denials,
  ) {}

  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    const request = context.switchToHttp().getRequest<CallerRequest>();
    const { caller } = request;
    if (!caller) return next.handle();
    const requirement = this.reflector.get<Requirement | undefined>(requirementKey, context.getHandler());
    return next.handle().pipe(
      catchError((refusal: unknown) => {
        const kept = this.denials.recordDenial(caller, request, refusal, requirement);
        return from(kept).pipe(concatMap(() => throwError(() => refusal)));
      }),
      concatMap((answer: unknown) => from(this.denials.recordUnseenIn(caller, request)).pipe(map(() => answer))),
    );
  }
}
