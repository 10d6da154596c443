import { Injectable, Logger } from '@nestjs/common';
import { Outbox, UnitOfWork } from '#kernel/ports';
import { OrderHeldUp, OrderRefused } from '../../contract.js';
import type { Connection } from '../../domain/connection.js';
import type { OrderOutcome } from '../../domain/screening-provider.js';
import type { VendorOrder, WaitingFor } from '../../domain/vendor-order.js';
import { VendorOrders } from '../../domain/vendor-orders.js';
import { MarkOutcomeUnknown } from './mark-outcome-unknown.js';
import { OrderTurns } from './order-turns.js';
import { CaseTaken, PlaceCase } from './place-case.js';

const disabledMessage = 'The Certn integration was switched off before the check was sent.';
/** How soon a turned away order is looked at again although nobody saved a key. */
const recheckSeconds = 30;
/** Waits between attempts of which nothing reached the vendor: 2, 4, 8 … seconds, a minute at most. */
const backOffSeconds = (attempt: number): number => Math.min(60, 2 ** attempt);
const inSeconds = (ms: number | null): number | null => (ms === null ? null : ms / 1000);

/** Writes down how an attempt ended: the order's move, the case it led to, and the event, in one transaction each. */
@Injectable()
export class RecordOutcome {
  private readonly log = new Logger('orders');

  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly orders: VendorOrders,
    private readonly placeCase: PlaceCase,
    private readonly markOutcomeUnknown: MarkOutcomeUnknown,
    private readonly turns: OrderTurns,
    private readonly outbox: Outbox,
  ) {}

  async of(order: VendorOrder, connection: Connection, outcome: OrderOutcome): Promise<void> {
    const { id, attempt } = order;
    try {
      await this.unitOfWork.run(() => this.write(order, connection, outcome));
    } catch (error) {
      if (!(error instanceof CaseTaken)) throw error;
      // Certn named a case that another order has: nobody knows what came of this one.
      await this.markOutcomeUnknown.of(order);
    }
    this.log.log({ orderId: id, attempt, outcome: outcome.kind }, 'an attempt at an order ended');
  }

  private async write(order: VendorOrder, connection: Connection, outcome: OrderOutcome): Promise<void> {
    const { teamId, id, attempt } = order;
    switch (outcome.kind) {
      case 'placed':
        return void (await this.placeCase.of(order, connection, outcome.case, 'response'));
      case 'refused':
        if (await this.orders.move(teamId, id, 'refuse', attempt, { message: outcome.message }))
          await this.outbox.publish([new OrderRefused(teamId, id)]);
        return;
      case 'not_sent':
        return this.rearmed(order, outcome.message, inSeconds(outcome.retryAfterMs) ?? backOffSeconds(attempt));
      case 'not_executed':
        return this.turnedAway(order, outcome.message);
      case 'in_doubt':
        return this.markOutcomeUnknown.of(order, outcome.message);
    }
  }

  /** The integration is off: what was not sent never will be. */
  async dropped({ teamId, id }: VendorOrder): Promise<void> {
    await this.unitOfWork.run(async () => {
      if (await this.orders.move(teamId, id, 'drop', null, { message: disabledMessage }))
        await this.outbox.publish([new OrderRefused(teamId, id)]);
    });
  }

  /** What it was placed for is not wanted any more. */
  async unwanted({ teamId, id }: VendorOrder): Promise<void> {
    await this.unitOfWork.run(async () => {
      await this.orders.markDoNotSend(teamId, id);
      await this.endedDoNotSend(teamId, id);
    });
  }

  /** The order goes on by itself when that is over. null: it is. */
  async waiting({ teamId, id, waitingFor }: VendorOrder, wanted: WaitingFor | null): Promise<void> {
    if (waitingFor === wanted) return;
    await this.unitOfWork.run(async () => {
      await this.orders.setWaiting(teamId, id, wanted);
      await this.outbox.publish([new OrderHeldUp(teamId, id)]);
    });
  }

  private async rearmed({ teamId, id, attempt }: VendorOrder, message: string, inSeconds: number): Promise<void> {
    if (!(await this.orders.move(teamId, id, 'rearm', attempt, { message }))) return;
    if (await this.endedDoNotSend(teamId, id)) return;
    await this.turns.later({ teamId, id }, inSeconds);
  }

  /** Who made the call notes on the connection that it needs a person; should that fail, the next attempt does. */
  private async turnedAway({ teamId, id, attempt }: VendorOrder, message: string): Promise<void> {
    const details = { message, waitingFor: 'connection_attention' } as const;
    if (!(await this.orders.move(teamId, id, 'rearm', attempt, details))) return;
    if (await this.endedDoNotSend(teamId, id)) return;
    await this.outbox.publish([new OrderHeldUp(teamId, id)]);
    // A good key may have been saved, and orders resumed, while this call was on its way: look once more.
    await this.turns.later({ teamId, id }, recheckSeconds);
  }

  /** It was cancelled, or the integration switched off, during an attempt of which nothing happened: there is no other. */
  private async endedDoNotSend(teamId: string, id: string): Promise<boolean> {
    if (!(await this.orders.move(teamId, id, 'withdraw', null))) return false;
    await this.outbox.publish([new OrderRefused(teamId, id)]);
    return true;
  }
}
