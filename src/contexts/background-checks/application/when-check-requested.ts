import { CommandBus } from '@nestjs/cqrs';
import { UnitOfWork } from '#kernel/ports';
import { type Reaction, ReactsTo } from '#platform/events/reaction';
import { PlaceOrder } from '#contexts/integrations';
import { CheckRequested } from '../contract.js';
import { Checks } from '../domain/ports.js';

/** A requested check becomes an order with the vendor. One that was cancelled meanwhile does not. */
@ReactsTo(CheckRequested, { name: 'place-order' })
export class WhenCheckRequested implements Reaction<CheckRequested> {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly checks: Checks,
    private readonly commands: CommandBus,
  ) {}

  async handle({ teamId, checkId }: CheckRequested): Promise<void> {
    const check = await this.unitOfWork.run(() => this.checks.get(teamId, checkId));
    if (!check.awaitsItsCase()) return;
    await this.commands.execute(new PlaceOrder(teamId, checkId, check.packageId, check.sentTo));
  }
}
