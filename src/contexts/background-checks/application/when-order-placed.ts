import { CommandBus } from '@nestjs/cqrs';
import { type EventHandler, HandlesEvent } from '#platform/events/event-handler';
import { OrderPlaced } from '#contexts/integrations';
import { CarryOutCancel } from './carry-out-cancel.js';
import { RecordProgress } from './record-progress.js';

/** The vendor opened a case: the check shows it, and a cancellation that was requested meanwhile is sent. */
@HandlesEvent(OrderPlaced, { name: 'record-progress' })
export class WhenOrderPlaced implements EventHandler<OrderPlaced> {
  constructor(private readonly commands: CommandBus) {}

  async handle({ teamId, orderId }: OrderPlaced): Promise<void> {
    await this.commands.execute(new RecordProgress(teamId, orderId));
    await this.commands.execute(new CarryOutCancel(teamId, orderId));
  }
}
