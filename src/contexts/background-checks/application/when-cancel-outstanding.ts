import { CommandBus } from '@nestjs/cqrs';
import { type EventHandler, HandlesEvent } from '#platform/events/event-handler';
import { CancelOutstanding } from '../domain/events.js';
import { CarryOutCancel } from './carry-out-cancel.js';

/** The vendor has not confirmed the cancellation yet and is asked again. */
@HandlesEvent(CancelOutstanding, { name: 'ask-again' })
export class WhenCancelOutstanding implements EventHandler<CancelOutstanding> {
  constructor(private readonly commands: CommandBus) {}

  async handle({ teamId, checkId }: CancelOutstanding): Promise<void> {
    await this.commands.execute(new CarryOutCancel(teamId, checkId));
  }
}
