import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import type { Caller } from '#kernel/caller';
import { notFound } from '#kernel/errors';
import type { Id } from '#kernel/id';
import { Audit, Clock, UnitOfWork } from '#kernel/ports';
import { InterviewPlans } from '../domain/interview-plans.js';
import { inAudit } from './item-in-audit.js';

/** Removes an activity. Checks that were sent from it stay. */
export class RemoveItem {
  constructor(
    readonly caller: Caller,
    readonly itemId: Id,
  ) {}
}

@CommandHandler(RemoveItem)
export class RemoveItemHandler implements ICommandHandler<RemoveItem> {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly plans: InterviewPlans,
    private readonly audit: Audit,
    private readonly clock: Clock,
  ) {}

  async execute({ caller, itemId }: RemoveItem): Promise<void> {
    const located = await this.plans.locateItem(caller.teamId, itemId);
    if (!located) throw notFound();
    caller.require('edit_interview_plan', located.jobId);
    await this.unitOfWork.run(async () => {
      const plan = await this.plans.ofJob(caller.teamId, located.jobId);
      const item = plan.item(itemId);
      plan.removeItem(itemId, this.clock.now());
      await this.plans.save(plan);
      const from = { stage_id: item.stageId, type: item.type, ...inAudit(item) };
      await this.audit.record(caller, { action: 'item.delete', entity: 'item', entityId: itemId, from });
    });
  }
}
