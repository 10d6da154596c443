import { CommandBus, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import type { Caller } from '#kernel/caller';
import { DomainError } from '#kernel/errors';
import type { Id } from '#kernel/id';
import { Clock, UnitOfWork } from '#kernel/ports';
import { Checks, Orders, type Verdict } from '../domain/ports.js';
import { CheckAudit } from './check-audit.js';
import { saving } from './concurrent-saves.js';
import { RecordProgress } from './record-progress.js';

/** An administrator says how an order ended that could not be found out. The order judges the verdict; the check follows. */
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

  /** The order is decided by now, and news of it may have overtaken this line. */
  private async note(command: DecideCheck): Promise<void> {
    const { caller, checkId } = command;
    const check = await this.checks.get(caller.teamId, checkId);
    check.noteDecision(caller.user.id, this.clock.now());
    await this.checks.save(check);
    await this.record(command, 'done', null);
  }

  /** Which case it was stands in the check, for as long as its candidate is not anonymised. */
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
