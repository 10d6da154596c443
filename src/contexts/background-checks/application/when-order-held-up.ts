import { CommandBus } from '@nestjs/cqrs';
import { type EventHandler, HandlesEvent } from '#platform/events/event-handler';
import { OrderHeldUp } from '#contexts/integrations';
import { RecordProgress } from './record-progress.js';

/** The order cannot proceed. The check shows what it waits for. */
@HandlesEvent(OrderHeldUp, { name: 'record-progress' })
export class WhenOrderHeldUp implements EventHandler<OrderHeldUp> {
  constructor(private readonly commands: CommandBus) {}

  async handle({ teamId, orderId }: OrderHeldUp): Promise<void> {
    await this.commands.execute(new RecordProgress(teamId, orderId));
  }
}
