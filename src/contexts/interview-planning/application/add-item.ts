import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import type { Caller } from '#kernel/caller';
import { notFound } from '#kernel/errors';
import type { Id } from '#kernel/id';
import { Audit, Clock, UnitOfWork } from '#kernel/ports';
import { certnItemType } from '../contract.js';
import { InterviewPlans } from '../domain/interview-plans.js';
import { choosePackage, ConnectionState, Packages } from '../domain/packages.js';

export type NewItem = { type: 'interview'; name: string } | { type: typeof certnItemType; packageId: string };

/** Adds an activity to a stage: an interview, or a background check with the package that it orders. */
export class AddItem {
  constructor(
    readonly caller: Caller,
    readonly stageId: Id,
    readonly itemId: Id,
    readonly item: NewItem,
  ) {}
}

@CommandHandler(AddItem)
export class AddItemHandler implements ICommandHandler<AddItem> {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly plans: InterviewPlans,
    private readonly connection: ConnectionState,
    private readonly packages: Packages,
    private readonly audit: Audit,
    private readonly clock: Clock,
  ) {}

  async execute({ caller, stageId, itemId, item }: AddItem): Promise<void> {
    const { teamId } = caller;
    const jobId = await this.plans.jobOfStage(teamId, stageId);
    if (!jobId) throw notFound();
    caller.require('edit_interview_plan', jobId);
    // Outside the unit of work, because this may call the vendor.
    const chosen =
      item.type === certnItemType ? await choosePackage(this.connection, this.packages, teamId, item.packageId) : null;
    await this.unitOfWork.run(async () => {
      const plan = await this.plans.ofJob(teamId, jobId);
      const now = this.clock.now();
      if (chosen) plan.addBackgroundCheck(stageId, itemId, chosen, now);
      else if (item.type === 'interview') plan.addInterview(stageId, itemId, item.name, now);
      await this.plans.save(plan);
      const { type, name, packageId } = plan.item(itemId);
      const to = { stage_id: stageId, type, name, package_id: packageId };
      await this.audit.record(caller, { action: 'item.create', entity: 'item', entityId: itemId, to });
    });
  }
}
