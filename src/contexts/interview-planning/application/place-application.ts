import type { Id } from '#kernel/id';
import { Injectable } from '@nestjs/common';
import { type Actor, Audit } from '#kernel/ports';
import { type LockedStage, Placements } from '../domain/placements.js';

/** Puts an application into a stage, with its entry in the audit log. Call it inside the unit of work. */
@Injectable()
export class PlaceApplication {
  constructor(
    private readonly placements: Placements,
    private readonly audit: Audit,
  ) {}

  /** Whether anything changed. */
  async into(actor: Actor, applicationId: Id, jobId: Id, stage: LockedStage | null): Promise<boolean> {
    const before = await this.placements.lockCurrentStage(actor.teamId, applicationId);
    const changed = await this.placements.put(actor.teamId, applicationId, jobId, stage);
    // A new application without a stage has not moved. Its creation has its own entry.
    if (!changed || before?.id === stage?.id) return changed;
    await this.audit.record(actor, {
      action: 'application.move',
      entity: 'application',
      entityId: applicationId,
      from: { stage_id: before?.id ?? null },
      to: { stage_id: stage?.id ?? null },
    });
    return true;
  }
}
