import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { Clock, Ids, UnitOfWork } from '#kernel/ports';
import { type Imported, ImportJob } from '../contract.js';
import { Job } from '../domain/job.js';
import { Jobs } from '../domain/ports.js';
import { checked, jobDetails, JobFields, newJob } from './record-fields.js';

@CommandHandler(ImportJob)
export class ImportJobHandler implements ICommandHandler<ImportJob, Imported> {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly jobs: Jobs,
    private readonly ids: Ids,
    private readonly clock: Clock,
  ) {}

  async execute({ teamId, externalId, fields }: ImportJob): Promise<Imported> {
    const line = await checked(fields, JobFields);
    return this.unitOfWork.run(async () => {
      const job = await this.jobs.withExternalId(teamId, externalId);
      if (!job) return this.create(teamId, externalId, line);
      if (!job.change(jobDetails(line), this.clock.now())) return { id: job.id, status: 'unchanged' };
      await this.jobs.save(job);
      return { id: job.id, status: 'updated' };
    });
  }

  private async create(teamId: string, externalId: string, line: JobFields): Promise<Imported> {
    const { name, requisitionId, status, confidential } = newJob(line);
    const id = this.ids.next();
    await this.jobs.save(new Job(teamId, id, name, requisitionId, status, confidential, externalId, this.clock.now()));
    return { id, status: 'created' };
  }
}
