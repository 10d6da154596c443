import { CommandBus } from '@nestjs/cqrs';
import { OrderErased } from '#contexts/integrations';
import { UnitOfWork } from '#kernel/ports';
import { type Reaction, ReactsTo } from '#platform/events/reaction';
import { Checks } from '../domain/ports.js';
import { NoteOutcomes } from './note-outcomes.js';
import { RecordProgress } from './record-progress.js';

/** The order and its case are forgotten: how they ended is the last that is learnt of them. */
@ReactsTo(OrderErased, { name: 'note-outcome' })
export class WhenOrderErased implements Reaction<OrderErased> {
  constructor(
    private readonly commands: CommandBus,
    private readonly unitOfWork: UnitOfWork,
    private readonly checks: Checks,
    private readonly noteOutcomes: NoteOutcomes,
  ) {}

  async handle({ teamId, orderId }: OrderErased): Promise<void> {
    await this.commands.execute(new RecordProgress(teamId, orderId));
    const { candidateId } = await this.unitOfWork.run(() => this.checks.get(teamId, orderId));
    await this.noteOutcomes.of(teamId, candidateId);
  }
}
