import { CommandBus } from '@nestjs/cqrs';
import { type EventHandler, HandlesEvent } from '#platform/events/event-handler';
import { CaseChanged } from '#contexts/integrations';
import { RecordProgress } from './record-progress.js';

/** The case changed at the vendor. The check follows. */
@HandlesEvent(CaseChanged, { name: 'record-progress' })
export class WhenCaseChanged implements EventHandler<CaseChanged> {
  constructor(private readonly commands: CommandBus) {}

  async handle({ teamId, orderId }: CaseChanged): Promise<void> {
    await this.commands.execute(new RecordProgress(teamId, orderId));
  }
}
