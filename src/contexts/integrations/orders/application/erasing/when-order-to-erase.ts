import { Logger } from '@nestjs/common';
import { Outbox, UnitOfWork } from '#kernel/ports';
import { type EventHandler, HandlesEvent } from '#platform/events/event-handler';
import { OrderErased, OrderRefused } from '../../../contract.js';
import { ErasedOrders, secondPassSeconds } from '../../domain/erased-orders.js';
import { OrderToErase } from '../../domain/events.js';
import { OrderedCases } from '../../domain/ordered-cases.js';
import type { VendorOrder } from '../../domain/vendor-order.js';
import { VendorOrders } from '../../domain/vendor-orders.js';

const minute = 60;
/** Seconds between attempts to cancel a case. The first ones keep erasure within 20 seconds, the later ones bridge an outage. */
const gaps = [3, 5, 10, minute, 5 * minute, 30 * minute, 60 * minute, 6 * 60 * minute];
/** Highest index into `gaps` for an undecided order: it is checked at least once a minute. */
const undecidedGap = 3;
/** When the vendor cannot be reached for this long, the case is erased here and stays open at the vendor. */
const giveUpSeconds = 30 * 24 * 60 * minute;

/** Erases as much of an order as possible now, and runs again until all of it is erased. */
@HandlesEvent(OrderToErase, { name: 'erase-order' })
export class WhenOrderToErase implements EventHandler<OrderToErase> {
  private readonly log = new Logger('erasing');

  constructor(
    private readonly orders: VendorOrders,
    private readonly cases: OrderedCases,
    private readonly erased: ErasedOrders,
    private readonly unitOfWork: UnitOfWork,
    private readonly outbox: Outbox,
  ) {}

  async handle(event: OrderToErase): Promise<void> {
    const { teamId, orderId, again } = event;
    const order = await this.orders.find(teamId, orderId);
    const wantedFor = await this.erased.erasureRequestedForSeconds(teamId, orderId);
    if (!order || wantedFor === null) return;
    if (!(await this.isDecided(order))) return this.tryLater(event, Math.min(again, undecidedGap));
    await this.erased.erasePerson(teamId, orderId);
    if (!(await this.cases.end(teamId, orderId, again)) && wantedFor <= giveUpSeconds)
      return this.tryLater(event, again);
    await this.erase(event);
  }

  /** Whether the outcome is known. Until then reconciliation needs the address. */
  private async isDecided(order: VendorOrder): Promise<boolean> {
    if (order.state === 'requested') return this.ends(order, 'withdraw');
    // No person is asked to decide for an erased order. It is closed once the visibility lag has passed.
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

  private async erase({ teamId, orderId }: OrderToErase): Promise<void> {
    await this.unitOfWork.run(async () => {
      if (!(await this.erased.eraseCase(teamId, orderId))) return;
      await this.outbox.publish([new OrderErased(teamId, orderId)]);
      await this.outbox.publish([new OrderToErase(teamId, orderId)], { inSeconds: secondPassSeconds });
      this.log.log({ orderId }, 'an order of an anonymised candidate is erased');
    });
  }

  private async tryLater({ teamId, orderId }: OrderToErase, again: number): Promise<void> {
    const inSeconds = gaps[again] ?? gaps.at(-1) ?? minute;
    await this.unitOfWork.run(async () => {
      if (await this.erased.planTry(teamId, orderId, inSeconds))
        await this.outbox.publish([new OrderToErase(teamId, orderId, again + 1)], { inSeconds });
    });
  }
}
