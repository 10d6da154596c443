import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import type { Caller } from '#kernel/caller';
import { DomainError, notFound } from '#kernel/errors';
import type { Id } from '#kernel/id';
import { Audit, Clock, UnitOfWork } from '#kernel/ports';
import { ActivityKinds } from '../domain/activity-kind.js';
import { InterviewPlans } from '../domain/interview-plans.js';
import { inAudit } from './item-in-audit.js';

/** Changes what an activity is set to. `fields`: the validated fields of its kind's request. */
export class ChangeItem {
  constructor(
    readonly caller: Caller,
    readonly itemId: Id,
    readonly fields: unknown,
  ) {}
}

@CommandHandler(ChangeItem)
export class ChangeItemHandler implements ICommandHandler<ChangeItem> {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly plans: InterviewPlans,
    private readonly kinds: ActivityKinds,
    private readonly audit: Audit,
    private readonly clock: Clock,
  ) {}

  async execute({ caller, itemId, fields }: ChangeItem): Promise<void> {
    const { teamId } = caller;
    const located = await this.plans.locateItem(teamId, itemId);
    if (!located) throw notFound();
    const { jobId, type, vendor } = located;
    caller.require('edit_interview_plan', jobId);
    const kind = this.kinds.find(type);
    if (!kind) throw unknownKind();
    const change = await kind.change({ teamId, jobId, vendor }, fields);
    await this.unitOfWork.run(async () => {
      const plan = await this.plans.ofJob(teamId, jobId);
      const item = plan.item(itemId);
      const from = inAudit(item);
      plan.changeItem(itemId, change(item.content), this.clock.now());
      await this.plans.save(plan);
      const to = inAudit(item);
      await this.audit.record(caller, { action: 'item.update', entity: 'item', entityId: itemId, from, to });
    });
  }
}

/** During an upgrade, the next version may have added kinds that this one does not know. */
const unknownKind = () =>
  new DomainError('conflict', 'unknown_activity', 'This activity cannot be changed here yet. Try again later.');
