import { CommandBus, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { UnitOfWork } from '#kernel/ports';
import { Applications, Checks, Orders } from '../domain/ports.js';
import { RecordProgress } from './record-progress.js';

/**
 * Withdraws a check whose order was not sent, because its application is no longer active. An order whose outcome is
 * unknown is never sent again. A case at the vendor goes on. Does nothing while the application is active.
 */
export class WithdrawUnsent {
  constructor(
    readonly teamId: string,
    readonly checkId: string,
  ) {}
}

@CommandHandler(WithdrawUnsent)
export class WithdrawUnsentHandler implements ICommandHandler<WithdrawUnsent, void> {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly checks: Checks,
    private readonly applications: Applications,
    private readonly orders: Orders,
    private readonly commands: CommandBus,
  ) {}

  async execute({ teamId, checkId }: WithdrawUnsent): Promise<void> {
    await this.unitOfWork.run(async () => {
      const check = await this.checks.get(teamId, checkId);
      const application = await this.applications.find(teamId, check.applicationId);
      if (check.awaitsCase() && !application?.active) await this.orders.withdraw(teamId, checkId, check.vendor);
    });
    await this.commands.execute(new RecordProgress(teamId, checkId));
  }
}
