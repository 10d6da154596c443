import { type CanActivate, type ExecutionContext, Injectable, mixin, type Type } from '@nestjs/common';
import type { Capability } from '#kernel/caller';
import { DomainError, notFound } from '#kernel/errors';
import { Audit, UnitOfWork } from '#kernel/ports';
import type { CallerRequest } from '#platform/auth/requires';
import { Checks } from '../../domain/ports.js';

/** Refuses what a caller may not do to a check before the body is looked at, and keeps the attempt in the audit log. */
export function MayOnCheck(capability: Capability, action: string): Type<CanActivate> {
  @Injectable()
  class MayOnCheckGuard implements CanActivate {
    constructor(
      private readonly unitOfWork: UnitOfWork,
      private readonly checks: Checks,
      private readonly audit: Audit,
    ) {}

    async canActivate(context: ExecutionContext): Promise<boolean> {
      const { caller, params } = context.switchToHttp().getRequest<CallerRequest>();
      const { id } = params as { id: string };
      if (!caller) throw notFound();
      const check = await this.unitOfWork.run(() => this.checks.get(caller.teamId, id));
      try {
        caller.require(capability, check.jobId);
      } catch (refusal) {
        if (refusal instanceof DomainError && refusal.kind === 'forbidden') {
          const to = { reason: refusal.reason };
          const { id: entityId, candidateId } = check;
          const refused = { entity: 'background_check', entityId, outcome: 'refused', to, candidateId } as const;
          await this.audit.record(caller, { action, ...refused });
        }
        throw refusal;
      }
      return true;
    }
  }
  return mixin(MayOnCheckGuard);
}
