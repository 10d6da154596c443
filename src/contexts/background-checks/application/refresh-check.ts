import { CommandBus, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import type { Caller } from '#kernel/caller';
import type { Id } from '#kernel/id';
import { UnitOfWork } from '#kernel/ports';
import { Checks, Orders } from '../domain/ports.js';
import { RecordProgress } from './record-progress.js';

/** A person asks for the present status at the vendor, without waiting for the vendor's webhook. */
export class RefreshCheck {
  constructor(
    readonly caller: Caller,
    readonly checkId: Id,
  ) {}
}

@CommandHandler(RefreshCheck)
export class RefreshCheckHandler implements ICommandHandler<RefreshCheck, void> {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly checks: Checks,
    private readonly orders: Orders,
    private readonly commands: CommandBus,
  ) {}

  async execute({ caller, checkId }: RefreshCheck): Promise<void> {
    const check = await this.unitOfWork.run(() => this.checks.get(caller.teamId, checkId));
    caller.require('view_background_check_status', check.jobId);
    await this.orders.readAgain(caller.teamId, checkId);
    await this.commands.execute(new RecordProgress(caller.teamId, checkId));
  }
}
