import { CommandBus } from '@nestjs/cqrs';
import { type EventHandler, HandlesEvent } from '#platform/events/event-handler';
import { OrderRefused } from '#contexts/integrations';
import { RecordProgress } from './record-progress.js';

/** The order ended without a case: the check shows why. */
@HandlesEvent(OrderRefused, { name: 'record-progress' })
export class WhenOrderRefused implements EventHandler<OrderRefused> {
  constructor(private readonly commands: CommandBus) {}

  async handle({ teamId, orderId }: OrderRefused): Promise<void> {
    await this.commands.execute(new RecordProgress(teamId, orderId));
  }
}
