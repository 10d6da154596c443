import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import type { Caller } from '#kernel/caller';
import { notFound } from '#kernel/errors';
import { Audit, Outbox, UnitOfWork } from '#kernel/ports';
import { CaseReported } from '../../../orders/domain/events.js';
import { InboundEvents } from '../../domain/vendor-cases.js';

/** Handles an inbound event as if it had just arrived: its case is read again. */
export class ReplayInboundEvent {
  constructor(
    readonly caller: Caller,
    readonly vendor: string,
    readonly inboundEventId: string,
    /** Orders that the caller must not see. */
    readonly hiddenOrders: readonly string[] = [],
  ) {}
}

@CommandHandler(ReplayInboundEvent)
export class ReplayInboundEventHandler implements ICommandHandler<ReplayInboundEvent, void> {
  constructor(
    private readonly inboundEvents: InboundEvents,
    private readonly unitOfWork: UnitOfWork,
    private readonly outbox: Outbox,
    private readonly audit: Audit,
  ) {}

  async execute({ caller, vendor, inboundEventId, hiddenOrders }: ReplayInboundEvent): Promise<void> {
    caller.require('manage_integrations');
    await this.unitOfWork.run(async () => {
      const orderId = await this.inboundEvents.reopen(caller.teamId, vendor, inboundEventId);
      if (!orderId || hiddenOrders.includes(orderId)) throw notFound();
      await this.outbox.publish([new CaseReported(caller.teamId, orderId)]);
      await this.audit.record(caller, { action: 'delivery.replay', entity: 'delivery', entityId: inboundEventId });
    });
  }
}
