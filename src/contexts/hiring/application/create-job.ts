import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import type { Caller } from '#kernel/caller';
import type { Id } from '#kernel/id';
import { Clock, UnitOfWork } from '#kernel/ports';
import { Job, type JobDetails } from '../domain/job.js';
import { JobPermissions, Jobs } from '../domain/ports.js';
import { mustBeFree } from './free-external-id.js';
import { RecordAudit } from './record-audit.js';

/** Opens a job. The caller manages it. */
export class CreateJob {
  constructor(
    readonly caller: Caller,
    readonly jobId: Id,
    readonly details: JobDetails,
  ) {}
}

@CommandHandler(CreateJob)
export class CreateJobHandler implements ICommandHandler<CreateJob, void> {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly jobs: Jobs,
    private readonly permissions: JobPermissions,
    private readonly clock: Clock,
    private readonly audit: RecordAudit,
  ) {}

  async execute({ caller, jobId, details }: CreateJob): Promise<void> {
    caller.require('create_records');
    const { teamId, user } = caller;
    const { name, requisitionId, status, confidential, externalId } = details;
    await this.unitOfWork.run(async () => {
      await mustBeFree.job(this.jobs, caller, externalId);
      const job = new Job(teamId, jobId, name, requisitionId, status, confidential, externalId, this.clock.now());
      await this.jobs.save(job);
      await this.permissions.replace(teamId, jobId, [{ userId: user.id, permissions: ['manage'] }]);
      await this.audit.jobCreated(caller, job);
    });
  }
}
