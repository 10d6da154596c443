import { CommandBus } from '@nestjs/cqrs';
import { ApplicationClosed } from '#contexts/hiring';
import { type EventHandler, HandlesEvent } from '#platform/events/event-handler';
import { Checks } from '../domain/ports.js';
import { WithdrawUnsent } from './withdraw-unsent.js';

/** Misses a check that is being requested at the same time. That check's own job sees that the application is closed. */
@HandlesEvent(ApplicationClosed, { name: 'withdraw-unsent-checks' })
export class WhenApplicationClosed implements EventHandler<ApplicationClosed> {
  constructor(
    private readonly checks: Checks,
    private readonly commands: CommandBus,
  ) {}

  async handle({ teamId, applicationId }: ApplicationClosed): Promise<void> {
    const ids = await this.checks.idsWithoutCase(teamId, applicationId);
    for (const checkId of ids) await this.commands.execute(new WithdrawUnsent(teamId, checkId));
  }
}
