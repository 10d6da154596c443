import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { Clock, UnitOfWork } from '#kernel/ports';
import { isFinished } from '../domain/check-status.js';
import { Checks, Orders } from '../domain/ports.js';
import { saving } from './concurrent-saves.js';

/** An order turned up at the vendor although its check was to be cancelled: cancels it there. Does nothing otherwise. */
export class CarryOutCancel {
  constructor(
    readonly teamId: string,
    readonly checkId: string,
  ) {}
}

@CommandHandler(CarryOutCancel)
export class CarryOutCancelHandler implements ICommandHandler<CarryOutCancel, void> {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly checks: Checks,
    private readonly orders: Orders,
    private readonly clock: Clock,
  ) {}

  async execute({ teamId, checkId }: CarryOutCancel): Promise<void> {
    const check = await this.unitOfWork.run(() => this.checks.get(teamId, checkId));
    if (!check.cancelRequestedAt || !check.caseId || isFinished(check.status)) return;
    const answer = await this.orders.cancelCase(teamId, checkId);
    // Thrown on purpose: whoever runs this durably tries again.
    if (answer.kind === 'no_answer') throw new Error('The vendor did not answer the request to cancel.');
    if (answer.kind === 'refused') await saving(this.unitOfWork, () => this.drop(teamId, checkId));
  }

  private async drop(teamId: string, checkId: string): Promise<void> {
    const check = await this.checks.get(teamId, checkId);
    check.dropCancelRequest(this.clock.now());
    await this.checks.save(check);
  }
}
