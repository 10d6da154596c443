import { Injectable } from '@nestjs/common';
import type { Caller } from '#kernel/caller';
import { Audit, type AuditEntry, UnitOfWork } from '#kernel/ports';
import { Checks } from '../domain/ports.js';

/** Audit entries about a check name its candidate, so that what they say can be withheld from that person. */
@Injectable()
export class CheckAudit {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly checks: Checks,
    private readonly audit: Audit,
  ) {}

  async record(caller: Caller, checkId: string, entry: Pick<AuditEntry, 'action' | 'outcome' | 'to'>): Promise<void> {
    await this.unitOfWork.run(async () => {
      const { candidateId: withheldFrom } = await this.checks.get(caller.teamId, checkId);
      await this.audit.record(caller, { ...entry, entity: 'background_check', entityId: checkId, withheldFrom });
    });
  }
}
