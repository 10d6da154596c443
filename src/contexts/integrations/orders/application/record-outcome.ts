import { Injectable, Logger } from '@nestjs/common';
import { Outbox, UnitOfWork } from '#kernel/ports';
import type { Connection } from '../../connections/domain/connection.js';
import { OrderHeldUp, OrderRefused } from '../../contract.js';
import type { OrderOutcome } from '../../gateway/domain/vendor-terms.js';
import type { VendorOrder, WaitingFor } from '../domain/vendor-order.js';
import { VendorOrders } from '../domain/vendor-orders.js';
import { MarkOutcomeUnknown } from './mark-outcome-unknown.js';
import { OrderTurns } from './order-turns.js';
import { CaseTaken, PlaceCase } from './place-case.js';

/** How soon an order whose call was rejected is tried again, although no key was saved. */
const recheckSeconds = 30;
/** Waits between attempts that the vendor did not execute: 2, 4, 8 … seconds, a minute at most. */
const backOffSeconds = (attempt: number): number => Math.min(60, 2 ** attempt);
const inSeconds = (ms: number | null): number | null => (ms === null ? null : ms / 1000);

/** Records how an attempt ended: the order's move, its case and the event, in one transaction. */
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
      // The vendor named a case that another order has, so the outcome of this order is unknown.
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
        return this.returnedToRequested(
          order,
          outcome.message,
          inSeconds(outcome.retryAfterMs) ?? backOffSeconds(attempt),
        );
      case 'not_executed':
        return this.callRejected(order, outcome.message);
      case 'outcome_unknown':
        return this.markOutcomeUnknown.of(order, outcome.message);
    }
  }

  /** The connection to this vendor is switched off: an order that was not sent is never sent. */
  async dropped({ teamId, id }: VendorOrder, vendor: string): Promise<void> {
    await this.unitOfWork.run(async () => {
      if (
        await this.orders.move(teamId, id, 'drop', null, {
          message: `${vendor} was disabled before the check was sent.`,
        })
      )
        await this.outbox.publish([new OrderRefused(teamId, id)]);
    });
  }

  /** The order is no longer wanted. */
  async unwanted({ teamId, id }: VendorOrder): Promise<void> {
    await this.unitOfWork.run(async () => {
      await this.orders.markDoNotSend(teamId, id);
      await this.endedDoNotSend(teamId, id);
    });
  }

  /** Sets what the order waits for; it continues automatically afterwards. null: it waits for nothing. */
  async waiting({ teamId, id, waitingFor }: VendorOrder, wanted: WaitingFor | null): Promise<void> {
    if (waitingFor === wanted) return;
    await this.unitOfWork.run(async () => {
      await this.orders.setWaiting(teamId, id, wanted);
      await this.outbox.publish([new OrderHeldUp(teamId, id)]);
    });
  }

  private async returnedToRequested(
    { teamId, id, attempt }: VendorOrder,
    message: string,
    inSeconds: number,
  ): Promise<void> {
    if (!(await this.orders.move(teamId, id, 'returnToRequested', attempt, { message }))) return;
    if (await this.endedDoNotSend(teamId, id)) return;
    await this.turns.later({ teamId, id }, inSeconds);
  }

  /** `OrderCalls` marks the connection as requiring action. If that fails, the next attempt does it. */
  private async callRejected({ teamId, id, attempt }: VendorOrder, message: string): Promise<void> {
    const details = { message, waitingFor: 'connection_attention' } as const;
    if (!(await this.orders.move(teamId, id, 'returnToRequested', attempt, details))) return;
    if (await this.endedDoNotSend(teamId, id)) return;
    await this.outbox.publish([new OrderHeldUp(teamId, id)]);
    // A valid key may have been saved, and orders resumed, while this call was in progress: check again.
    await this.turns.later({ teamId, id }, recheckSeconds);
  }

  /** Withdraws an order that was cancelled, or whose integration was switched off, during an attempt that was not executed. */
  private async endedDoNotSend(teamId: string, id: string): Promise<boolean> {
    if (!(await this.orders.move(teamId, id, 'withdraw', null))) return false;
    await this.outbox.publish([new OrderRefused(teamId, id)]);
    return true;
  }
}
