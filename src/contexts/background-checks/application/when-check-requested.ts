import { CommandBus } from '@nestjs/cqrs';
import { UnitOfWork } from '#kernel/ports';
import { type EventHandler, HandlesEvent } from '#platform/events/event-handler';
import { PlaceOrder } from '#contexts/integrations';
import { CheckRequested } from '../contract.js';
import { Applications, Checks } from '../domain/ports.js';
import { EraseCheck } from './erase-check.js';
import { WithdrawUnsent } from './withdraw-unsent.js';

/** Places the order of a requested check, unless the check has ended meanwhile. */
@HandlesEvent(CheckRequested, { name: 'place-order' })
export class WhenCheckRequested implements EventHandler<CheckRequested> {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly checks: Checks,
    private readonly applications: Applications,
    private readonly commands: CommandBus,
  ) {}

  async handle({ teamId, checkId }: CheckRequested): Promise<void> {
    const check = await this.unitOfWork.run(() => this.checks.get(teamId, checkId));
    if (!check.awaitsCase() || check.sentTo === null) return;
    const application = await this.applications.find(teamId, check.applicationId);
    if (application?.anonymised) return this.commands.execute(new EraseCheck(teamId, checkId));
    if (!application?.active) return this.commands.execute(new WithdrawUnsent(teamId, checkId));
    await this.commands.execute(new PlaceOrder(teamId, checkId, check.vendor, check.packageId, check.sentTo));
  }
}
