import { Logger } from '@nestjs/common';
import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { canonicalEmail } from '#kernel/email';
import { unknownReference } from '#kernel/errors';
import { Outbox, UnitOfWork } from '#kernel/ports';
import { ConnectionCalls } from '../../connections/application/connection-calls.js';
import type { Connection } from '../../connections/domain/connection.js';
import { Connections } from '../../connections/domain/connections.js';
import { notEnabled } from '../../connections/domain/errors.js';
import { DecideOrder, OrderHeldUp, OrderRefused } from '../../contract.js';
import { asDomainError } from '../../gateway/application/vendor-errors.js';
import { VendorFailure, type VendorCase } from '../../gateway/domain/vendor-terms.js';
import { Vendors } from '../../gateway/domain/vendors.js';
import { nothingToDecide, notSettledYet } from '../domain/errors.js';
import { OrderDue } from '../domain/events.js';
import type { VendorOrder } from '../domain/vendor-order.js';
import { VendorOrders } from '../domain/vendor-orders.js';
import { CaseTaken, PlaceCase } from './place-case.js';

/** A person decides what reconciliation could not: which case belongs to the order, or that there is none. */
@CommandHandler(DecideOrder)
export class DecideOrderHandler implements ICommandHandler<DecideOrder, void> {
  private readonly log = new Logger('orders');

  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly orders: VendorOrders,
    private readonly connections: Connections,
    private readonly vendors: Vendors,
    private readonly calls: ConnectionCalls,
    private readonly placeCase: PlaceCase,
    private readonly outbox: Outbox,
  ) {}

  async execute({ teamId, orderId, verdict }: DecideOrder): Promise<void> {
    const order = await this.orders.find(teamId, orderId);
    if (order?.state !== 'needs_decision') throw nothingToDecide();
    if ('caseId' in verdict) await this.isThisCase(order, verdict.caseId);
    else await this.isNotThere(order);
    this.log.log({ orderId, attempt: order.attempt, ...verdict }, 'a person decided an order');
  }

  private async isThisCase(order: VendorOrder, caseId: string): Promise<void> {
    const connection = await this.connections.byId(order.teamId, order.connectionId);
    if (!connection) throw nothingToDecide();
    const snapshot = await this.read(connection, caseId);
    if (snapshot.email === null || canonicalEmail(snapshot.email) !== canonicalEmail(order.email)) {
      throw unknownReference('case_id');
    }
    try {
      await this.unitOfWork.run(async () => {
        if (!(await this.placeCase.of(order, connection, snapshot, 'person'))) throw nothingToDecide();
      });
    } catch (error) {
      throw error instanceof CaseTaken ? unknownReference('case_id') : error;
    }
  }

  private async read(connection: Connection, caseId: string): Promise<VendorCase> {
    try {
      return await this.calls.call(connection, 'urgent', (key, { cases }) => cases.readCase(key, caseId));
    } catch (error) {
      if (!(error instanceof VendorFailure)) throw error;
      throw error.remedy === 'give_up' ? unknownReference('case_id') : asDomainError(error);
    }
  }

  private async isNotThere(order: VendorOrder): Promise<void> {
    const { teamId, id, attempt, doNotSend } = order;
    const secondsLeft = await this.orders.visibleInSeconds(teamId, id);
    if (secondsLeft > 0) throw notSettledYet(Math.ceil(secondsLeft), await this.vendorOf(order));
    await this.unitOfWork.run(async () => {
      if (await this.close(order)) return;
      const connection = await this.connections.currentFor(teamId, order.connectionId);
      if (!doNotSend && connection?.state !== 'enabled') throw notEnabled(await this.vendorOf(order));
      if (await this.orders.move(teamId, id, 'sendAgain', attempt, { candidates: [] })) {
        await this.outbox.publish([new OrderDue(teamId, id), new OrderHeldUp(teamId, id)]);
        return;
      }
      // It may have been cancelled since the first attempt to close it.
      if (!(await this.close(order))) throw nothingToDecide();
    });
  }

  /** The name of the vendor that may have the order. */
  private async vendorOf({ teamId, connectionId }: VendorOrder): Promise<string> {
    const connection = await this.connections.byId(teamId, connectionId);
    return connection ? this.vendors.of(connection.vendor).name : 'The vendor';
  }

  private async close({ teamId, id, attempt }: VendorOrder): Promise<boolean> {
    const closed = await this.orders.move(teamId, id, 'close', attempt);
    if (closed) await this.outbox.publish([new OrderRefused(teamId, id)]);
    return closed;
  }
}
