import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { Clock, Outbox, UnitOfWork } from '#kernel/ports';
import { isTerminal } from '../domain/check-status.js';
import { Checks, Orders, IdempotencyRecords } from '../domain/ports.js';
import { saving } from './concurrent-saves.js';
import { SettleCheck } from './settle-check.js';

/**
 * Its candidate was anonymised. A check in progress is cancelled. Every check loses the fields that identify the person or the
 * case, and its outcome, which is counted in the proof of erasure. The order is erased in the same transaction. Does nothing
 * the second time.
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
      const unsent = !isTerminal(check.status) && (await this.orders.withdraw(teamId, checkId, check.vendor));
      check.erase(unsent, this.clock.now());
      await this.settleCheck.of(check);
      await this.checks.save(check);
      await this.settleCheck.historyOf(check);
      await this.idempotencyRecords.erase(teamId, checkId);
      await this.orders.erase(teamId, checkId);
      await this.outbox.publish(check.releaseEvents());
    });
  }
}
