import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import type { Caller } from '#kernel/caller';
import { invalidField, notFound } from '#kernel/errors';
import type { Id } from '#kernel/id';
import { Audit, Clock, UnitOfWork } from '#kernel/ports';
import { ActivityKinds } from '../domain/activity-kind.js';
import { InterviewPlans } from '../domain/interview-plans.js';
import { inAudit } from './item-in-audit.js';

/** Adds an activity to a stage. `fields`: the validated fields of its kind's request. */
export class AddItem {
  constructor(
    readonly caller: Caller,
    readonly stageId: Id,
    readonly itemId: Id,
    readonly type: string,
    readonly fields: unknown,
  ) {}
}

@CommandHandler(AddItem)
export class AddItemHandler implements ICommandHandler<AddItem> {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly plans: InterviewPlans,
    private readonly kinds: ActivityKinds,
    private readonly audit: Audit,
    private readonly clock: Clock,
  ) {}

  async execute({ caller, stageId, itemId, type, fields }: AddItem): Promise<void> {
    const { teamId } = caller;
    const jobId = await this.plans.jobOfStage(teamId, stageId);
    if (!jobId) throw notFound();
    caller.require('edit_interview_plan', jobId);
    const kind = this.kinds.find(type);
    if (!kind) throw invalidField('type', 'invalid_request', 'There is no such activity.');
    // Outside the unit of work, because this may call the vendor.
    const content = await kind.create({ teamId, jobId }, fields);
    await this.unitOfWork.run(async () => {
      const plan = await this.plans.ofJob(teamId, jobId);
      const item = plan.addItem(stageId, itemId, type, content, this.clock.now());
      await this.plans.save(plan);
      const to = { stage_id: stageId, type, ...inAudit(item) };
      await this.audit.record(caller, { action: 'item.create', entity: 'item', entityId: itemId, to });
    });
  }
}
