import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { invalidField, unknownReference } from '#kernel/errors';
import { type Actor, Clock, Ids, Outbox, UnitOfWork } from '#kernel/ports';
import { type ApplicationStatus, ImportApplication, type Imported } from '../contract.js';
import { Application } from '../domain/application.js';
import type { Candidate } from '../domain/candidate.js';
import { candidateAnonymised } from '../domain/errors.js';
import type { Job } from '../domain/job.js';
import { Applications, Candidates, Jobs } from '../domain/ports.js';
import { ImportedFields } from './imported-fields.js';
import { mustBeTheOnlyActive } from './one-active-application.js';
import { RecordAudit } from './record-audit.js';

@CommandHandler(ImportApplication)
export class ImportApplicationHandler implements ICommandHandler<ImportApplication, Imported> {
  constructor(
    private readonly fields: ImportedFields,
    private readonly unitOfWork: UnitOfWork,
    private readonly jobs: Jobs,
    private readonly candidates: Candidates,
    private readonly applications: Applications,
    private readonly outbox: Outbox,
    private readonly ids: Ids,
    private readonly clock: Clock,
    private readonly audit: RecordAudit,
  ) {}

  async execute({ actor, externalId, fields }: ImportApplication): Promise<Imported> {
    const { teamId } = actor;
    const line = await this.fields.application(fields);
    return this.unitOfWork.run(async () => {
      const candidate = await this.candidates.withExternalId(teamId, line.candidate);
      if (!candidate) throw unknownReference('candidate');
      const job = await this.jobs.withExternalId(teamId, line.job);
      if (!job) throw unknownReference('job');
      const application = await this.applications.withExternalId(teamId, externalId);
      const reopens = line.status === 'active' && application?.status !== 'active';
      if (candidate.anonymisedAt && (!application || reopens)) throw candidateAnonymised();
      if (!application) return this.create(actor, externalId, candidate, job, line.status ?? 'active');
      mustStay(application, candidate, job);
      return this.update(actor, application, line.status ?? application.status);
    });
  }

  private async create(
    actor: Actor,
    externalId: string,
    candidate: Candidate,
    job: Job,
    status: ApplicationStatus,
  ): Promise<Imported> {
    const id = this.ids.next();
    const { teamId, id: jobId } = job;
    if (status === 'active') await mustBeTheOnlyActive(this.applications, { teamId, candidateId: candidate.id, jobId });
    const now = this.clock.now();
    const application = new Application(job.teamId, id, candidate.id, job.id, status, externalId, now);
    await this.applications.save(application);
    await this.audit.applicationCreated(actor, application);
    return { id, status: 'created', jobId: job.id };
  }

  private async update(actor: Actor, application: Application, status: ApplicationStatus): Promise<Imported> {
    const before = application.status;
    if (status === 'active' && before !== 'active') await mustBeTheOnlyActive(this.applications, application);
    const changed = application.become(status, this.clock.now());
    if (changed) {
      await this.applications.save(application);
      await this.audit.statusChanged(actor, before, application);
      await this.outbox.publish(application.releaseEvents());
    }
    return { id: application.id, status: changed ? 'updated' : 'unchanged', jobId: application.jobId };
  }
}

/** Checks, stages and history belong to an application, so it never moves to another candidate or job. */
function mustStay(application: Application, candidate: Candidate, job: Job): void {
  if (application.candidateId !== candidate.id) {
    throw invalidField('candidate', 'cannot_change', 'An application cannot move to another candidate.');
  }
  if (application.jobId !== job.id) {
    throw invalidField('job', 'cannot_change', 'An application cannot move to another job.');
  }
}
