import { Injectable } from '@nestjs/common';
import { QueryBus } from '@nestjs/cqrs';
import { FindPlanItem, type PlanItemFacts } from '#contexts/interview-planning';
import type { Id } from '#kernel/id';
import { type PlannedCheck, PlannedChecks } from '../../domain/ports.js';

@Injectable()
export class PlannedItems extends PlannedChecks {
  constructor(private readonly queries: QueryBus) {
    super();
  }

  async find(teamId: string, itemId: Id): Promise<PlannedCheck | null> {
    const item = await this.queries.execute<FindPlanItem, PlanItemFacts | null>(new FindPlanItem(teamId, itemId));
    if (!item || item.deleted || item.vendor === null || item.packageId === null) return null;
    return { id: item.id, jobId: item.jobId, vendor: item.vendor, packageId: item.packageId };
  }
}
