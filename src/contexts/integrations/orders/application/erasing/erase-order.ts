import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { Outbox, UnitOfWork } from '#kernel/ports';
import { EraseOrder } from '../../../contract.js';
import { ErasedOrders } from '../../domain/erased-orders.js';
import { OrderToErase } from '../../domain/events.js';

@CommandHandler(EraseOrder)
export class EraseOrderHandler implements ICommandHandler<EraseOrder, void> {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly erased: ErasedOrders,
    private readonly outbox: Outbox,
  ) {}

  async execute({ teamId, orderId }: EraseOrder): Promise<void> {
    await this.unitOfWork.run(async () => {
      if (await this.erased.requestErasure(teamId, orderId))
        await this.outbox.publish([new OrderToErase(teamId, orderId)]);
    });
  }
}
