import { Injectable, Logger } from '@nestjs/common';
import { Outbox, UnitOfWork } from '#kernel/ports';
import type { Connection } from '../../connections/domain/connection.js';
import { Connections } from '../../connections/domain/connections.js';
import { OrderHeldUp, OrderRefused } from '../../contract.js';
import type { VendorCase } from '../../gateway/domain/vendor-terms.js';
import { OrderDue, OrderToReconcile } from '../domain/events.js';
import { fitOf } from '../domain/order-match.js';
import { isSettled } from '../domain/unknown-outcome-rules.js';
import { UnknownOutcomes } from '../domain/unknown-outcomes.js';
import type { FoundBy, VendorOrder } from '../domain/vendor-order.js';
import { VendorOrders } from '../domain/vendor-orders.js';
import { OrderLimits } from './order-limits.js';
import { PlaceCase } from './place-case.js';
import type { ListSnapshot } from './read-list.js';

/** Reconciliations after the last scheduled one before a person is asked: a day with the default waits. */
const extraAttempts = 48;
/** Jitter for orders whose resend waits for the next hour. */
const jitterSeconds = 20;

/** Applies one reconciliation to one order: its case is found, it is absent, a person must decide, or nothing is known yet. */
@Injectable()
export class ApplyReconciliation {
  private readonly log = new Logger('orders');

  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly orders: VendorOrders,
    private readonly unknownOutcomes: UnknownOutcomes,
    private readonly connections: Connections,
    private readonly placeCase: PlaceCase,
    private readonly limits: OrderLimits,
    private readonly outbox: Outbox,
  ) {}

  async from(list: ListSnapshot, order: VendorOrder, connection: Connection, at: Date, by: FoundBy): Promise<void> {
    const fitting = await this.unlinked(list.cases, order, connection);
    const sure = fitting.filter((found) => fitOf(order, found) === 'fits');
    const [only] = sure;
    await this.unitOfWork.run(async () => {
      if (only && sure.length === 1 && !(await this.unknownOutcomes.hasRival(order)))
        await this.placeCase.of(order, connection, only, by);
      else if (only) await this.ask(order, 'several cases fit', sure);
      else if (list.healthy && fitting.length === 0) await this.absent(order, at);
      else if (order.reconciliations >= this.limits.waits.length)
        await this.ask(order, 'the list is unhealthy, or a case shows too little to tell', fitting);
    });
  }

  /**
   * The vendor offers nothing that shows what happened: a person decides, once the visibility lag is over or an event named a
   * case that may be the order's.
   */
  async withoutEvidence(order: VendorOrder, connection: Connection, at: Date, seen?: VendorCase): Promise<void> {
    const fitting = await this.unlinked(seen ? [seen] : [], order, connection);
    if (fitting.length === 0 && !isSettled(order, at)) return;
    await this.unitOfWork.run(() => this.ask(order, 'the vendor offers nothing that shows its outcome', fitting));
  }

  /** The list could not be read. A person is asked only when the outage lasts about a day. */
  async fromFailedRead(order: VendorOrder): Promise<void> {
    if (!this.isTooLate(order)) return;
    await this.unitOfWork.run(() => this.ask(order, 'the list could not be read in time', []));
  }

  private async unlinked(cases: VendorCase[], order: VendorOrder, connection: Connection): Promise<VendorCase[]> {
    const fitting = cases.filter((found) => fitOf(order, found) !== 'other');
    const free = await this.unknownOutcomes.unlinked(
      connection.host,
      fitting.map(({ id }) => id),
    );
    return fitting.filter(({ id }) => free.includes(id));
  }

  private async absent(order: VendorOrder, at: Date): Promise<void> {
    const absence = await this.unknownOutcomes.noteAbsence(order, at);
    if (!absence) return;
    this.log.log({ orderId: order.id, attempt: order.attempt, ...absence }, 'a complete list does not show an order');
    if (absence.proved) return this.provedAbsent(order);
    if (this.isTooLate(order)) await this.ask(order, 'its absence could not be proved in time', []);
  }

  private async provedAbsent(order: VendorOrder): Promise<void> {
    const { teamId, id, attempt } = order;
    if (await this.orders.move(teamId, id, 'giveUp', attempt)) {
      await this.outbox.publish([new OrderRefused(teamId, id)]);
      this.log.log({ orderId: id, attempt }, 'an order that is no longer wanted is not at the vendor');
      return;
    }
    const current = await this.connections.currentFor(teamId, order.connectionId);
    const sameAccount = current?.id === order.connectionId;
    // The connection is disabled or requires action: wait until that is resolved before deciding about the order.
    if (sameAccount && current.state !== 'enabled' && !this.isTooLate(order)) return;
    if (sameAccount && current.state === 'enabled' && this.limits.mayResend) {
      const inSeconds = await this.unknownOutcomes.resendAllowedInSeconds(order, this.limits.resendsPerHour);
      if (inSeconds > 0) return this.postponeResend(order, inSeconds);
      if (await this.resend(order)) return;
    }
    await this.ask(order, 'it may not be resent automatically', []);
  }

  private async resend(order: VendorOrder): Promise<boolean> {
    const { teamId, id, attempt } = order;
    if (!(await this.orders.move(teamId, id, 'resend', attempt))) return false;
    await this.outbox.publish([new OrderDue(teamId, id), new OrderHeldUp(teamId, id)]);
    this.log.warn({ orderId: id, attempt }, 'an order is proved absent and is resent');
    return true;
  }

  /** The account has used up its resends of this hour. The order waits instead of asking a person. */
  private async postponeResend(order: VendorOrder, inSeconds: number): Promise<void> {
    const { teamId, id, waitingFor, resent } = order;
    if (resent) return this.ask(order, 'it may not be resent automatically', []);
    // With jitter, because many orders may wait for the same moment.
    const wait = inSeconds + jitterSeconds * Math.random();
    await this.unknownOutcomes.postponeResend(order, wait);
    await this.outbox.publish([new OrderToReconcile(teamId, id)], { inSeconds: wait });
    if (waitingFor !== 'resends_of_the_hour') await this.outbox.publish([new OrderHeldUp(teamId, id)]);
  }

  private async ask(order: VendorOrder, why: string, fitting: VendorCase[]): Promise<void> {
    const { teamId, id, attempt } = order;
    const candidates = fitting.map((found) => found.id);
    if (!(await this.orders.move(teamId, id, 'ask', attempt, { candidates }))) return;
    await this.outbox.publish([new OrderHeldUp(teamId, id)]);
    this.log.warn({ orderId: id, attempt, candidates }, `a person must decide: ${why}`);
  }

  private isTooLate({ reconciliations }: VendorOrder): boolean {
    return reconciliations >= this.limits.waits.length + extraAttempts;
  }
}
