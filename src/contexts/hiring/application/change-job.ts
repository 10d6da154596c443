import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import type { Caller } from '#kernel/caller';
import { notFound } from '#kernel/errors';
import type { Id } from '#kernel/id';
import { Clock, UnitOfWork } from '#kernel/ports';
import type { JobDetails } from '../domain/job.js';
import { Jobs } from '../domain/ports.js';
import { mustBeFree } from './free-external-id.js';
import { RecordAudit } from './record-audit.js';

export class ChangeJob {
  constructor(
    readonly caller: Caller,
    readonly jobId: Id,
    readonly changes: Partial<JobDetails>,
  ) {}
}

@CommandHandler(ChangeJob)
export class ChangeJobHandler implements ICommandHandler<ChangeJob, void> {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly jobs: Jobs,
    private readonly clock: Clock,
    private readonly audit: RecordAudit,
  ) {}

  async execute({ caller, jobId, changes }: ChangeJob): Promise<void> {
    caller.require('edit_job', jobId);
    await this.unitOfWork.run(async () => {
      const job = await this.jobs.find(caller.teamId, jobId);
      if (!job) throw notFound();
      const before = { ...job };
      const { externalId = null } = changes;
      if (externalId !== job.externalId) await mustBeFree.job(this.jobs, caller, externalId);
      if (!job.change(changes, this.clock.now())) return;
      await this.jobs.save(job);
      await this.audit.jobChanged(caller, before, job);
    });
  }
}
