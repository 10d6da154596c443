import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import type { Caller } from '#kernel/caller';
import { notFound } from '#kernel/errors';
import type { Id } from '#kernel/id';
import { Audit, Clock, UnitOfWork } from '#kernel/ports';
import { InterviewPlans } from '../domain/interview-plans.js';

/** Renames a stage, moves it, or both; the others make room. */
export class ChangeStage {
  constructor(
    readonly caller: Caller,
    readonly stageId: Id,
    readonly name?: string,
    readonly priority?: number,
  ) {}
}

@CommandHandler(ChangeStage)
export class ChangeStageHandler implements ICommandHandler<ChangeStage> {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly plans: InterviewPlans,
    private readonly audit: Audit,
    private readonly clock: Clock,
  ) {}

  async execute({ caller, stageId, name, priority }: ChangeStage): Promise<void> {
    const jobId = await this.plans.jobOfStage(caller.teamId, stageId);
    if (!jobId) throw notFound();
    caller.require('edit_interview_plan', jobId);
    await this.unitOfWork.run(async () => {
      const plan = await this.plans.ofJob(caller.teamId, jobId);
      const stage = plan.stage(stageId);
      const from = { name: stage.name, priority: stage.priority };
      if (name !== undefined) plan.renameStage(stageId, name, this.clock.now());
      if (priority !== undefined) plan.moveStage(stageId, priority, this.clock.now());
      await this.plans.save(plan);
      const to = { name: stage.name, priority: stage.priority };
      await this.audit.record(caller, { action: 'stage.update', entity: 'stage', entityId: stageId, from, to });
    });
  }
}
