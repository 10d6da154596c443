import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import type { Caller } from '#kernel/caller';
import type { Id } from '#kernel/id';
import { Clock, Outbox, UnitOfWork } from '#kernel/ports';
import type { BackgroundCheck } from '../domain/background-check.js';
import { isTerminal } from '../domain/check-status.js';
import { alreadyFinished, cancelRefused } from '../domain/errors.js';
import { Cancelling, Checks, Orders } from '../domain/ports.js';
import { planNextTry } from './carry-out-cancel.js';
import { CheckAudit } from './check-audit.js';
import { saving } from './concurrent-saves.js';

/** A person cancels a check. It takes effect at once when the order was never sent; otherwise once the vendor confirms it. */
export class CancelCheck {
  constructor(
    readonly caller: Caller,
    readonly checkId: Id,
  ) {}
}

@CommandHandler(CancelCheck)
export class CancelCheckHandler implements ICommandHandler<CancelCheck, void> {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly checks: Checks,
    private readonly orders: Orders,
    private readonly cancelling: Cancelling,
    private readonly clock: Clock,
    private readonly outbox: Outbox,
    private readonly audit: CheckAudit,
  ) {}

  async execute({ caller, checkId }: CancelCheck): Promise<void> {
    const before = await saving(this.unitOfWork, () => this.cancelUnlessAtVendor(caller, checkId));
    if (before === 'settled') return;
    const answer = await this.orders.cancelCase(caller.teamId, checkId);
    if (answer.kind === 'refused') {
      await this.record(caller, checkId, 'refused');
      throw cancelRefused(answer.message);
    }
    await saving(this.unitOfWork, () => this.noteRequest(caller, checkId, answer.kind === 'accepted'));
  }

  private async cancelUnlessAtVendor(caller: Caller, checkId: string): Promise<'settled' | 'at_vendor'> {
    const check = await this.checks.get(caller.teamId, checkId);
    caller.require('send_background_check', check.jobId);
    if (isTerminal(check.status)) throw alreadyFinished();
    if (check.caseId !== null) return 'at_vendor';
    // An order that the vendor may have already is not sent again, and its case is cancelled once it is found.
    const withdrawn = await this.orders.withdraw(caller.teamId, checkId, check.vendor);
    if (withdrawn) check.withdraw(caller.user.id, this.clock.now());
    else check.requestCancel(caller.user.id, this.clock.now());
    await this.keep(caller, check);
    return 'settled';
  }

  private async noteRequest(caller: Caller, checkId: string, accepted: boolean): Promise<void> {
    const check = await this.checks.get(caller.teamId, checkId);
    // The check may have ended during the call to the vendor. Then there is nothing left to cancel.
    if (!isTerminal(check.status)) {
      const now = this.clock.now();
      if (!check.cancelRequestedAt) await planNextTry(this.cancelling, this.outbox, check, { asked: 1, accepted });
      check.requestCancel(caller.user.id, now);
    }
    await this.keep(caller, check);
  }

  private async keep(caller: Caller, check: BackgroundCheck): Promise<void> {
    await this.checks.save(check);
    await this.outbox.publish(check.releaseEvents());
    await this.record(caller, check.id, 'done');
  }

  private record(caller: Caller, checkId: string, outcome: 'done' | 'refused'): Promise<void> {
    return this.audit.record(caller, checkId, { action: 'background_check.cancel', outcome });
  }
}
