import { CommandBus } from '@nestjs/cqrs';
import { type EventHandler, HandlesEvent } from '#platform/events/event-handler';
import { CheckFellBehind } from '../domain/events.js';
import { CarryOutCancel } from './carry-out-cancel.js';
import { RecordProgress } from './record-progress.js';

/** An event of the check's order or case was lost. Does everything that such an event could lead to. */
@HandlesEvent(CheckFellBehind, { name: 'catch-up' })
export class WhenCheckFellBehind implements EventHandler<CheckFellBehind> {
  constructor(private readonly commands: CommandBus) {}

  async handle({ teamId, checkId }: CheckFellBehind): Promise<void> {
    await this.commands.execute(new RecordProgress(teamId, checkId));
    await this.commands.execute(new CarryOutCancel(teamId, checkId));
  }
}
