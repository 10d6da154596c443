import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import type { Caller } from '#kernel/caller';
import { notFound } from '#kernel/errors';
import type { Id } from '#kernel/id';
import { Audit, Clock, UnitOfWork } from '#kernel/ports';
import { Jobs } from '../domain/applications.js';
import { InterviewPlans } from '../domain/interview-plans.js';

/** Adds a stage to a job's plan: at a priority, else last. */
export class AddStage {
  constructor(
    readonly caller: Caller,
    readonly jobId: Id,
    readonly stageId: Id,
    readonly name: string,
    readonly priority?: number,
  ) {}
}

@CommandHandler(AddStage)
export class AddStageHandler implements ICommandHandler<AddStage> {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly jobs: Jobs,
    private readonly plans: InterviewPlans,
    private readonly audit: Audit,
    private readonly clock: Clock,
  ) {}

  async execute({ caller, jobId, stageId, name, priority }: AddStage): Promise<void> {
    caller.require('edit_interview_plan', jobId);
    await this.unitOfWork.run(async () => {
      if (!(await this.jobs.exists(caller.teamId, jobId))) throw notFound();
      const plan = await this.plans.ofJob(caller.teamId, jobId);
      const stage = plan.addStage(stageId, name, priority, this.clock.now());
      await this.plans.save(plan);
      const to = { job_id: jobId, name, priority: stage.priority };
      await this.audit.record(caller, { action: 'stage.create', entity: 'stage', entityId: stageId, to });
    });
  }
}
