import { type CanActivate, type ExecutionContext, Injectable } from '@nestjs/common';
import { DomainError, notFound } from '#kernel/errors';
import { readId } from '#kernel/id';
import { Audit } from '#kernel/ports';
import type { CallerRequest } from '#platform/auth/requires';
import { Applications } from '../../domain/ports.js';
import { mustBeAllowedToSend } from '../../domain/sending-rules.js';

/** Refuses a send before its body is validated, and records the attempt in the audit log. */
@Injectable()
export class MaySendGuard implements CanActivate {
  constructor(
    private readonly applications: Applications,
    private readonly audit: Audit,
  ) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const { caller, params } = context.switchToHttp().getRequest<CallerRequest>();
    const id = readId((params as { id?: string }).id);
    const application = caller && id && (await this.applications.find(caller.teamId, id));
    if (!application) throw notFound();
    try {
      mustBeAllowedToSend(caller, application);
    } catch (refusal) {
      if (refusal instanceof DomainError && refusal.kind === 'forbidden') {
        await this.audit.record(caller, {
          action: 'background_check.send',
          entity: 'application',
          entityId: application.id,
          outcome: 'refused',
          to: { reason: refusal.reason },
          withheldFrom: application.candidateId,
        });
      }
      throw refusal;
    }
    return true;
  }
}
