import { Logger } from '@nestjs/common';
import { Outbox, UnitOfWork } from '#kernel/ports';
import { type EventHandler, HandlesEvent } from '#platform/events/event-handler';
import { OrderErased, OrderRefused } from '../../contract.js';
import { ErasedOrders, onceMoreSeconds } from '../../domain/erased-orders.js';
import { OrderToErase } from '../../domain/events.js';
import { VendorCases } from '../../domain/vendor-cases.js';
import type { VendorOrder } from '../../domain/vendor-order.js';
import { VendorOrders } from '../../domain/vendor-orders.js';
import { EndCase } from './end-case.js';

const minute = 60;
/** Seconds between tries to cancel a case: for a promise of twenty seconds at first, for an outage later. */
const gaps = [3, 5, 10, minute, 5 * minute, 30 * minute, 60 * minute, 6 * 60 * minute];
/** An order that is being found out is looked at every minute at least. */
const undecidedGap = 3;
/** A vendor that cannot be asked for so long is not waited for: the case is forgotten, and lives on there. */
const giveUpSeconds = 30 * 24 * 60 * minute;

/** Takes an order of an anonymised candidate as far as it can be taken now, and comes back until nothing of it is left. */
@HandlesEvent(OrderToErase, { name: 'erase-order' })
export class WhenOrderToErase implements EventHandler<OrderToErase> {
  private readonly log = new Logger('erasing');

  constructor(
    private readonly orders: VendorOrders,
    private readonly cases: VendorCases,
    private readonly erased: ErasedOrders,
    private readonly endCase: EndCase,
    private readonly unitOfWork: UnitOfWork,
    private readonly outbox: Outbox,
  ) {}

  async handle(event: OrderToErase): Promise<void> {
    const { teamId, orderId, again } = event;
    const order = await this.orders.find(teamId, orderId);
    const wantedFor = await this.erased.wantedForSeconds(teamId, orderId);
    if (!order || wantedFor === null) return;
    if (!(await this.isDecided(order))) return this.comeBack(event, Math.min(again, undecidedGap));
    await this.erased.erasePerson(teamId, orderId);
    const followed = await this.cases.find(teamId, orderId);
    if (followed && !(await this.endCase.of(followed, again)) && wantedFor <= giveUpSeconds)
      return this.comeBack(event, again);
    await this.forget(event);
  }

  /** Whether nothing of it is at the vendor that we do not know of. Its address is needed until then. */
  private async isDecided(order: VendorOrder): Promise<boolean> {
    if (order.state === 'requested') return this.ends(order, 'withdraw');
    // Several cases may be its own, or none: nobody is asked any more, once the vendor cannot be taking it.
    if (order.state === 'needs_decision') return this.ends(order, 'close');
    return order.state !== 'sending' && order.state !== 'in_doubt';
  }

  private ends({ teamId, id, attempt }: VendorOrder, move: 'withdraw' | 'close'): Promise<boolean> {
    return this.unitOfWork.run(async () => {
      if (!(await this.orders.move(teamId, id, move, attempt))) return false;
      await this.outbox.publish([new OrderRefused(teamId, id)]);
      return true;
    });
  }

  private async forget({ teamId, orderId }: OrderToErase): Promise<void> {
    await this.unitOfWork.run(async () => {
      if (!(await this.erased.eraseCase(teamId, orderId))) return;
      await this.outbox.publish([new OrderErased(teamId, orderId)]);
      await this.outbox.publish([new OrderToErase(teamId, orderId)], { inSeconds: onceMoreSeconds });
      this.log.log({ orderId }, 'an order of an anonymised candidate is forgotten');
    });
  }

  private async comeBack({ teamId, orderId }: OrderToErase, again: number): Promise<void> {
    const inSeconds = gaps[again] ?? gaps.at(-1) ?? minute;
    await this.unitOfWork.run(async () => {
      if (await this.erased.planTry(teamId, orderId, inSeconds))
        await this.outbox.publish([new OrderToErase(teamId, orderId, again + 1)], { inSeconds });
    });
  }
}
