import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { Clock, Outbox, UnitOfWork } from '#kernel/ports';
import { Applications, Checks, Orders } from '../domain/ports.js';
import { saving } from './concurrent-saves.js';
import { SettleCheck } from './settle-check.js';

/**
 * Updates a check from the present state of its order and case. Every event about either leads here. The state is read after the
 * check itself, so events may arrive in any order and more than once.
 */
export class RecordProgress {
  constructor(
    readonly teamId: string,
    readonly checkId: string,
    /** No more events will come: the order and its case were erased. */
    readonly over = false,
  ) {}
}

@CommandHandler(RecordProgress)
export class RecordProgressHandler implements ICommandHandler<RecordProgress, void> {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly checks: Checks,
    private readonly orders: Orders,
    private readonly applications: Applications,
    private readonly clock: Clock,
    private readonly outbox: Outbox,
    private readonly settleCheck: SettleCheck,
  ) {}

  execute({ teamId, checkId, over }: RecordProgress): Promise<void> {
    return saving(this.unitOfWork, async () => {
      const check = await this.checks.get(teamId, checkId);
      const snapshot = await this.orders.lastSnapshot(teamId, checkId);
      if (snapshot) {
        check.recordCase(snapshot, this.clock.now());
      } else {
        const order = await this.orders.status(teamId, checkId);
        const application = await this.applications.find(teamId, check.applicationId);
        if (order) check.recordOrder(order, this.clock.now(), application?.active ?? false);
      }
      await this.settleCheck.of(check, over);
      await this.checks.save(check);
      await this.settleCheck.historyOf(check);
      if (over) await this.orders.eraseSnapshot(teamId, checkId);
      await this.outbox.publish(check.releaseEvents());
    });
  }
}
