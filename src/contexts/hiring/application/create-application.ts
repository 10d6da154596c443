import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { unknownReference } from '#kernel/errors';
import { Clock, UnitOfWork } from '#kernel/ports';
import { CreateApplication } from '../contract.js';
import { Application } from '../domain/application.js';
import { candidateAnonymised } from '../domain/errors.js';
import { Applications, Candidates, Jobs } from '../domain/ports.js';
import { mustBeFree } from './free-external-id.js';
import { mustBeTheOnlyActive } from './one-active-application.js';
import { RecordAudit } from './record-audit.js';

@CommandHandler(CreateApplication)
export class CreateApplicationHandler implements ICommandHandler<CreateApplication, void> {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly jobs: Jobs,
    private readonly candidates: Candidates,
    private readonly applications: Applications,
    private readonly clock: Clock,
    private readonly audit: RecordAudit,
  ) {}

  async execute(command: CreateApplication): Promise<void> {
    const { caller, applicationId, candidateId, jobId, status, externalId } = command;
    const { teamId } = caller;
    await this.unitOfWork.run(async () => {
      const candidate = await this.candidates.find(teamId, candidateId);
      if (!candidate) throw unknownReference('candidate_id');
      if (!(await this.jobs.find(teamId, jobId))) throw unknownReference('job_id');
      if (candidate.anonymisedAt) throw candidateAnonymised();
      await mustBeFree.application(this.applications, caller, externalId);
      if (status === 'active') await mustBeTheOnlyActive(this.applications, { teamId, candidateId, jobId });
      const now = this.clock.now();
      const application = new Application(teamId, applicationId, candidateId, jobId, status, externalId, now);
      await this.applications.save(application);
      await this.audit.applicationCreated(caller, application);
    });
  }
}
