import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { notFound } from '#kernel/errors';
import { Clock, Outbox, UnitOfWork } from '#kernel/ports';
import { ChangeApplicationStatus } from '../contract.js';
import { candidateAnonymised } from '../domain/errors.js';
import { Applications, Candidates } from '../domain/ports.js';
import { mustBeTheOnlyActive } from './one-active-application.js';
import { RecordAudit } from './record-audit.js';

@CommandHandler(ChangeApplicationStatus)
export class ChangeApplicationStatusHandler implements ICommandHandler<ChangeApplicationStatus, void> {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly applications: Applications,
    private readonly candidates: Candidates,
    private readonly outbox: Outbox,
    private readonly clock: Clock,
    private readonly audit: RecordAudit,
  ) {}

  async execute({ actor, applicationId, status }: ChangeApplicationStatus): Promise<void> {
    const { teamId } = actor;
    await this.unitOfWork.run(async () => {
      const application = await this.applications.find(teamId, applicationId);
      if (!application) throw notFound();
      const { candidateId } = application;
      if (status === 'active' && (await this.candidates.isAnonymised(teamId, candidateId))) throw candidateAnonymised();
      const before = application.status;
      if (status === 'active' && before !== 'active') await mustBeTheOnlyActive(this.applications, application);
      if (!application.become(status, this.clock.now())) return;
      await this.applications.save(application);
      await this.audit.statusChanged(actor, before, application);
      await this.outbox.publish(application.releaseEvents());
    });
  }
}
