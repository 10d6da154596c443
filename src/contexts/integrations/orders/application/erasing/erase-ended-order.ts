import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { Outbox, UnitOfWork } from '#kernel/ports';
import { EraseEndedOrder, EraseSnapshot } from '../../../contract.js';
import { ErasedOrders, secondPassSeconds } from '../../domain/erased-orders.js';
import { OrderToErase } from '../../domain/events.js';

@CommandHandler(EraseEndedOrder)
export class EraseEndedOrderHandler implements ICommandHandler<EraseEndedOrder, boolean> {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly erased: ErasedOrders,
    private readonly outbox: Outbox,
  ) {}

  execute({ teamId, orderId }: EraseEndedOrder): Promise<boolean> {
    return this.unitOfWork.run(async () => {
      if (!(await this.erased.hasEnded(teamId, orderId))) return false;
      await this.erased.requestErasure(teamId, orderId);
      const first = await this.erased.eraseCase(teamId, orderId);
      await this.erased.eraseSnapshot(teamId, orderId);
      if (first) await this.outbox.publish([new OrderToErase(teamId, orderId)], { inSeconds: secondPassSeconds });
      return true;
    });
  }
}

@CommandHandler(EraseSnapshot)
export class EraseSnapshotHandler implements ICommandHandler<EraseSnapshot, void> {
  constructor(private readonly erased: ErasedOrders) {}

  execute({ teamId, orderId }: EraseSnapshot): Promise<void> {
    return this.erased.eraseSnapshot(teamId, orderId);
  }
}
