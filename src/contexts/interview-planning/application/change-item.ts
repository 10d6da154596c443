import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import type { Caller } from '#kernel/caller';
import { notFound } from '#kernel/errors';
import type { Id } from '#kernel/id';
import { Audit, Clock, UnitOfWork } from '#kernel/ports';
import { certnItemType } from '../contract.js';
import { fieldMissing, notOfThisActivity } from '../domain/errors.js';
import type { InterviewPlan } from '../domain/interview-plan.js';
import { InterviewPlans } from '../domain/interview-plans.js';
import { choosePackage, ConnectionState, Packages } from '../domain/packages.js';
import type { PlanItem } from '../domain/plan-item.js';

/** Gives a background check another package, or an interview another name. */
export class ChangeItem {
  constructor(
    readonly caller: Caller,
    readonly itemId: Id,
    readonly packageId?: string,
    readonly name?: string,
  ) {}
}

@CommandHandler(ChangeItem)
export class ChangeItemHandler implements ICommandHandler<ChangeItem> {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly plans: InterviewPlans,
    private readonly connection: ConnectionState,
    private readonly packages: Packages,
    private readonly audit: Audit,
    private readonly clock: Clock,
  ) {}

  async execute({ caller, itemId, packageId, name }: ChangeItem): Promise<void> {
    const { teamId } = caller;
    const located = await this.plans.locateItem(teamId, itemId);
    if (!located) throw notFound();
    const { jobId, type } = located;
    caller.require('edit_interview_plan', jobId);
    const change =
      type === certnItemType ? await this.toPackage(teamId, itemId, packageId, name) : toName(itemId, packageId, name);
    await this.unitOfWork.run(async () => {
      const plan = await this.plans.ofJob(teamId, jobId);
      const item = plan.item(itemId);
      const from = described(item);
      change(plan, this.clock.now());
      await this.plans.save(plan);
      const to = described(item);
      await this.audit.record(caller, { action: 'item.update', entity: 'item', entityId: itemId, from, to });
    });
  }

  private async toPackage(teamId: string, itemId: Id, packageId?: string, name?: string): Promise<Change> {
    if (name !== undefined) throw notOfThisActivity('name');
    if (packageId === undefined) throw fieldMissing('package_id', 'Choose a Certn package.');
    const chosen = await choosePackage(this.connection, this.packages, teamId, packageId);
    return (plan, now) => plan.changePackage(itemId, chosen, now);
  }
}

type Change = (plan: InterviewPlan, now: Date) => void;

function toName(itemId: Id, packageId?: string, name?: string): Change {
  if (packageId !== undefined) throw notOfThisActivity('package_id');
  if (name === undefined) throw fieldMissing('name', 'Enter a name');
  return (plan, now) => plan.renameInterview(itemId, name, now);
}

const described = ({ name, packageId }: PlanItem) => ({ name, package_id: packageId });
