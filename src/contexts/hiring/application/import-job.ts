import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { type Actor, Clock, Ids, UnitOfWork } from '#kernel/ports';
import { type Imported, ImportJob } from '../contract.js';
import { Job } from '../domain/job.js';
import { Jobs } from '../domain/ports.js';
import { RecordAudit } from './record-audit.js';
import { ImportedFields, newJob, type StatedJob } from './imported-fields.js';

@CommandHandler(ImportJob)
export class ImportJobHandler implements ICommandHandler<ImportJob, Imported> {
  constructor(
    private readonly fields: ImportedFields,
    private readonly unitOfWork: UnitOfWork,
    private readonly jobs: Jobs,
    private readonly ids: Ids,
    private readonly clock: Clock,
    private readonly audit: RecordAudit,
  ) {}

  async execute({ actor, externalId, fields }: ImportJob): Promise<Imported> {
    const line = await this.fields.job(fields);
    return this.unitOfWork.run(async () => {
      const job = await this.jobs.withExternalId(actor.teamId, externalId);
      if (!job) return this.create(actor, externalId, line);
      const before = { ...job };
      if (!job.change(line, this.clock.now())) return { id: job.id, status: 'unchanged' };
      await this.jobs.save(job);
      await this.audit.jobChanged(actor, before, job);
      return { id: job.id, status: 'updated' };
    });
  }

  private async create(actor: Actor, externalId: string, line: StatedJob): Promise<Imported> {
    const { name, requisitionId, status, confidential } = newJob(line);
    const id = this.ids.next();
    const now = this.clock.now();
    const job = new Job(actor.teamId, id, name, requisitionId, status, confidential, externalId, now);
    await this.jobs.save(job);
    await this.audit.jobCreated(actor, job);
    return { id, status: 'created' };
  }
}
