import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { notFound } from '#kernel/errors';
import { Clock, UnitOfWork } from '#kernel/ports';
import { IdentifyApplication } from '../contract.js';
import { candidateAnonymised } from '../domain/errors.js';
import { Applications, Candidates } from '../domain/ports.js';
import { mustBeFree } from './free-external-id.js';
import { RecordAudit } from './record-audit.js';

@CommandHandler(IdentifyApplication)
export class IdentifyApplicationHandler implements ICommandHandler<IdentifyApplication, void> {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly applications: Applications,
    private readonly candidates: Candidates,
    private readonly clock: Clock,
    private readonly audit: RecordAudit,
  ) {}

  async execute({ caller, applicationId, externalId }: IdentifyApplication): Promise<void> {
    const { teamId } = caller;
    await this.unitOfWork.run(async () => {
      const application = await this.applications.find(teamId, applicationId);
      if (!application) throw notFound();
      if (externalId === application.externalId) return;
      if (await this.candidates.isAnonymised(teamId, application.candidateId)) throw candidateAnonymised();
      await mustBeFree.application(this.applications, caller, externalId);
      application.identifyAs(externalId, this.clock.now());
      await this.applications.save(application);
      await this.audit.applicationIdentified(caller, application);
    });
  }
}
