import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import type { Caller } from '#kernel/caller';
import { notFound } from '#kernel/errors';
import type { Id } from '#kernel/id';
import { Audit, Clock, UnitOfWork } from '#kernel/ports';
import { InterviewPlans } from '../domain/interview-plans.js';
import { Placements } from '../domain/placements.js';

/** Removes a stage with its activities, unless an active application is in it. Checks that were sent from it do not prevent that. */
export class RemoveStage {
  constructor(
    readonly caller: Caller,
    readonly stageId: Id,
  ) {}
}

@CommandHandler(RemoveStage)
export class RemoveStageHandler implements ICommandHandler<RemoveStage> {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly plans: InterviewPlans,
    private readonly placements: Placements,
    private readonly audit: Audit,
    private readonly clock: Clock,
  ) {}

  async execute({ caller, stageId }: RemoveStage): Promise<void> {
    const { teamId } = caller;
    const jobId = await this.plans.jobOfStage(teamId, stageId);
    if (!jobId) throw notFound();
    caller.require('edit_interview_plan', jobId);
    await this.unitOfWork.run(async () => {
      const plan = await this.plans.ofJob(teamId, jobId);
      const { name, priority } = plan.stage(stageId);
      plan.removeStage(stageId, await this.placements.lockAndCount(teamId, stageId), this.clock.now());
      await this.plans.save(plan);
      await this.placements.clear(teamId, stageId);
      const from = { name, priority };
      await this.audit.record(caller, { action: 'stage.delete', entity: 'stage', entityId: stageId, from });
    });
  }
}
