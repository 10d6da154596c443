import { CommandBus } from '@nestjs/cqrs';
import { OrderErased } from '#contexts/integrations';
import { type EventHandler, HandlesEvent } from '#platform/events/event-handler';
import { RecordProgress } from './record-progress.js';

/** The order and its case are erased. Their outcome is recorded for the last time. */
@HandlesEvent(OrderErased, { name: 'note-outcome' })
export class WhenOrderErased implements EventHandler<OrderErased> {
  constructor(private readonly commands: CommandBus) {}

  async handle({ teamId, orderId }: OrderErased): Promise<void> {
    await this.commands.execute(new RecordProgress(teamId, orderId, true));
  }
}
