import { type IQueryHandler, QueryHandler } from '@nestjs/cqrs';
import { MayOrderBeSent } from '#contexts/integrations';
import { UnitOfWork } from '#kernel/ports';
import { Applications, Checks } from '../../domain/ports.js';

/** Tells integrations, right before an order leaves, whether its check is still wanted. */
@QueryHandler(MayOrderBeSent)
export class MayOrderBeSentHandler implements IQueryHandler<MayOrderBeSent, boolean> {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly checks: Checks,
    private readonly applications: Applications,
  ) {}

  async execute({ teamId, orderId }: MayOrderBeSent): Promise<boolean> {
    const check = await this.unitOfWork.run(() => this.checks.get(teamId, orderId));
    const application = await this.applications.find(teamId, check.applicationId);
    return application !== null && application.active && !application.anonymised;
  }
}
