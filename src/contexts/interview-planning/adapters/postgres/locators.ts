import { Injectable } from '@nestjs/common';
import type { Id } from '#kernel/id';
import { type Located, SubjectLocator } from '#platform/auth/ports';
import { InterviewPlans } from '../../domain/interview-plans.js';

/** A stage is visible to callers who see its job. */
@Injectable()
export class StageLocator extends SubjectLocator {
  readonly subject = 'stage';
  readonly fields = ['stage_id'];

  constructor(private readonly plans: InterviewPlans) {
    super();
  }

  async locate(teamId: string, id: Id): Promise<Located | null> {
    const jobId = await this.plans.jobOfStage(teamId, id);
    return jobId === null ? null : { jobIds: [jobId] };
  }
}

@Injectable()
export class ItemLocator extends SubjectLocator {
  readonly subject = 'item';
  readonly fields = ['job_stage_item_id'];

  constructor(private readonly plans: InterviewPlans) {
    super();
  }

  async locate(teamId: string, id: Id): Promise<Located | null> {
    const item = await this.plans.locateItem(teamId, id);
    return item && { jobIds: [item.jobId] };
  }
}
