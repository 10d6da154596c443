import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { Outbox, UnitOfWork } from '#kernel/ports';
import { ForgetEndedOrder, ForgetReading } from '../../contract.js';
import { ErasedOrders, onceMoreSeconds } from '../../domain/erased-orders.js';
import { OrderToErase } from '../../domain/events.js';

@CommandHandler(ForgetEndedOrder)
export class ForgetEndedOrderHandler implements ICommandHandler<ForgetEndedOrder, boolean> {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly erased: ErasedOrders,
    private readonly outbox: Outbox,
  ) {}

  execute({ teamId, orderId }: ForgetEndedOrder): Promise<boolean> {
    return this.unitOfWork.run(async () => {
      if (!(await this.erased.hasEnded(teamId, orderId))) return false;
      await this.erased.want(teamId, orderId);
      const first = await this.erased.forgetCase(teamId, orderId);
      await this.erased.forgetReading(teamId, orderId);
      if (first) await this.outbox.publish([new OrderToErase(teamId, orderId)], { inSeconds: onceMoreSeconds });
      return true;
    });
  }
}

@CommandHandler(ForgetReading)
export class ForgetReadingHandler implements ICommandHandler<ForgetReading, void> {
  constructor(private readonly erased: ErasedOrders) {}

  execute({ teamId, orderId }: ForgetReading): Promise<void> {
    return this.erased.forgetReading(teamId, orderId);
  }
}
