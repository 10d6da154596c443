import { CommandBus, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import type { Caller } from '#kernel/caller';
import { DomainError } from '#kernel/errors';
import type { Id } from '#kernel/id';
import { Clock, UnitOfWork } from '#kernel/ports';
import { Checks, Orders, type Verdict } from '../domain/ports.js';
import { CheckAudit } from './check-audit.js';
import { saving } from './concurrent-saves.js';
import { RecordProgress } from './record-progress.js';

/** An admin decides how an order ended when reconciliation could not. The order validates the verdict; the check follows the order. */
export class DecideCheck {
  constructor(
    readonly caller: Caller,
    readonly checkId: Id,
    readonly verdict: Verdict,
  ) {}
}

@CommandHandler(DecideCheck)
export class DecideCheckHandler implements ICommandHandler<DecideCheck, void> {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly checks: Checks,
    private readonly orders: Orders,
    private readonly clock: Clock,
    private readonly audit: CheckAudit,
    private readonly commands: CommandBus,
  ) {}

  async execute(command: DecideCheck): Promise<void> {
    const { caller, checkId, verdict } = command;
    caller.require('administer_team');
    try {
      await this.orders.decide(caller.teamId, checkId, verdict);
    } catch (error) {
      if (error instanceof DomainError) await this.record(command, 'refused', error.reason);
      throw error;
    }
    await saving(this.unitOfWork, () => this.note(command));
    await this.commands.execute(new RecordProgress(caller.teamId, checkId));
  }

  /** The order is decided by now. Its event may have been handled before this. */
  private async note(command: DecideCheck): Promise<void> {
    const { caller, checkId } = command;
    const check = await this.checks.get(caller.teamId, checkId);
    check.noteDecision(caller.user.id, this.clock.now());
    await this.checks.save(check);
    await this.record(command, 'done', null);
  }

  /** The entry does not name the case. The check does, until its candidate is anonymised. */
  private record(
    { caller, checkId, verdict }: DecideCheck,
    outcome: 'done' | 'refused',
    reason: string | null,
  ): Promise<void> {
    return this.audit.record(caller, checkId, {
      action: 'background_check.decide',
      outcome,
      to: { verdict: 'caseId' in verdict ? 'case' : 'send_again', ...(reason === null ? {} : { reason }) },
    });
  }
}
