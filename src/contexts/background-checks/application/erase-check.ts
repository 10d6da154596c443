import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { Clock, Outbox, UnitOfWork } from '#kernel/ports';
import { isFinished } from '../domain/check-status.js';
import { Checks, Orders, IdempotencyRecords } from '../domain/ports.js';
import { saving } from './concurrent-saves.js';
import { SettleCheck } from './settle-check.js';

/**
 * Its candidate was anonymised: a check under way is cancelled, and every check loses what leads to the person or the case, and
 * how it ended, which becomes a count in the proof. Its order is told to do the same, in the same transaction. Nothing happens the second time.
 */
export class EraseCheck {
  constructor(
    readonly teamId: string,
    readonly checkId: string,
  ) {}
}

@CommandHandler(EraseCheck)
export class EraseCheckHandler implements ICommandHandler<EraseCheck, void> {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly checks: Checks,
    private readonly orders: Orders,
    private readonly idempotencyRecords: IdempotencyRecords,
    private readonly clock: Clock,
    private readonly outbox: Outbox,
    private readonly settleCheck: SettleCheck,
  ) {}

  execute({ teamId, checkId }: EraseCheck): Promise<void> {
    return saving(this.unitOfWork, async () => {
      const check = await this.checks.get(teamId, checkId);
      if (check.erasedAt) return;
      const unsent = !isFinished(check.status) && (await this.orders.withdraw(teamId, checkId));
      check.erase(unsent, this.clock.now());
      await this.settleCheck.of(check);
      await this.checks.save(check);
      await this.settleCheck.historyOf(check);
      await this.idempotencyRecords.forget(teamId, checkId);
      await this.orders.erase(teamId, checkId);
      await this.outbox.publish(check.releaseEvents());
    });
  }
}
